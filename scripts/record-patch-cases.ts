/**
 * Records what the real kubectl makes of strategic merge patches: `npx tsx scripts/record-patch-cases.ts`. Cases are
 * drawn from a fixed seed; the answers go to `src/api/patch/strategic-merge.cases.generated.json`, which the tests replay.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RandomStream } from '../src/sim/index.ts'

type Json = unknown
type Fields = Record<string, Json>
interface Case {
  readonly object: Fields
  readonly patch: Fields
}

const RANDOM_CASES = 150
const random = new RandomStream(1, 'patch-cases')
const pick = <T>(list: readonly T[]): T => list[random.below(list.length)]!
const some = <T>(list: readonly T[]): T[] => shuffled(list.filter(() => random.chance(0.6)))

function shuffled<T>(list: readonly T[]): T[] {
  const result = [...list]
  for (let i = result.length - 1; i > 0; i--) {
    const j = random.below(i + 1)
    const kept = result[i]!
    result[i] = result[j]!
    result[j] = kept
  }
  return result
}

/** Some of the fields, each made anew. */
function fields(makers: Readonly<Record<string, () => Json>>): Fields {
  return Object.fromEntries(some(Object.keys(makers)).map(key => [key, makers[key]!()]))
}

const word = () => pick(['alpha', 'beta', 'gamma'])
const labels = () => fields({ app: word, tier: word, track: word })
const listOf = (key: string, values: readonly Json[], makers: Readonly<Record<string, () => Json>>) => () =>
  some(values).map(value => ({ [key]: value, ...fields(makers) }))

const container = {
  image: () => pick(['nginx:1.26', 'nginx:1.27']),
  env: listOf('name', ['A', 'B', 'C'], { value: word }),
  ports: listOf('containerPort', [80, 443, 8080], { name: word, protocol: () => pick(['TCP', 'UDP']) }),
  volumeMounts: listOf('mountPath', ['/a', '/b', '/c'], { name: word, subPath: word }),
  args: () => some(['x', 'y', 'z']),
  resources: () => ({ limits: { cpu: pick(['1', '2']), memory: '1Gi' } }),
}

const podSpec = {
  containers: () => {
    const list = some(['one', 'two', 'three']).map(name => ({ name, ...fields(container) }))
    return list.length > 0 ? list : [{ name: 'one', image: 'nginx:1.26' }]
  },
  initContainers: () => some(['first', 'second']).map(name => ({ name, ...fields(container) })),
  volumes: () =>
    some(['data', 'tmp', 'cfg']).map(name => ({
      name,
      ...pick<Fields>([
        { emptyDir: { medium: 'Memory' } },
        { configMap: { name: 'settings' } },
        { secret: { secretName: 'key' } },
      ]),
    })),
  imagePullSecrets: listOf('name', ['s1', 's2', 's3'], {}),
  tolerations: () =>
    some([
      { key: 'a', operator: 'Exists' },
      { key: 'b', operator: 'Exists' },
    ]),
  hostAliases: listOf('ip', ['10.0.0.1', '10.0.0.2'], { hostnames: () => some(['h1', 'h2']) }),
  nodeSelector: labels,
  nodeName: word,
}

const metadata = {
  labels,
  annotations: labels,
  finalizers: () => some(['a.io/x', 'a.io/y', 'a.io/z']),
  ownerReferences: () =>
    some(['u1', 'u2', 'u3']).map(uid => ({ apiVersion: 'v1', kind: 'ConfigMap', name: word(), uid })),
}
const meta = () => ({ name: 'web', ...fields(metadata) })

const KINDS: readonly (() => Fields)[] = [
  () => ({ apiVersion: 'v1', kind: 'Pod', metadata: meta(), spec: fields(podSpec) }),
  () => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: meta(),
    spec: {
      replicas: random.between(1, 5),
      strategy: pick<Fields>([
        { type: 'Recreate' },
        { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%' } },
      ]),
      template: { metadata: fields({ labels }), spec: fields(podSpec) },
    },
  }),
  () => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: meta(),
    spec: {
      selector: labels(),
      ports: listOf('port', [80, 443, 8080], { name: word, targetPort: () => pick<Json>([80, 'http']) })(),
      externalIPs: some(['1.1.1.1', '2.2.2.2']),
    },
  }),
  () => ({
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: meta(),
    secrets: listOf('name', ['s1', 's2'], {})(),
  }),
  () => ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: meta(),
    spec: {
      podCIDRs: some(['10.0.0.0/24', 'fd00::/64']),
      taints: some([
        { key: 'a', effect: 'NoSchedule' },
        { key: 'b', effect: 'NoExecute' },
      ]),
    },
    status: {
      conditions: listOf('type', ['Ready', 'DiskPressure'], {
        status: () => pick(['True', 'False']),
        reason: word,
      })(),
      addresses: listOf('type', ['InternalIP', 'Hostname'], { address: word })(),
    },
  }),
  () => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: meta(), data: labels() }),
]

const MERGE_KEYS: Readonly<Record<string, string>> = {
  containers: 'name', initContainers: 'name', env: 'name', ports: 'port', volumeMounts: 'mountPath', volumes: 'name',
  imagePullSecrets: 'name', hostAliases: 'ip', ownerReferences: 'uid', secrets: 'name', conditions: 'type', addresses: 'type',
  finalizers: '', podCIDRs: '',
} // biome-ignore format: a table

const keyFor = (field: string, element: Fields) =>
  field === 'ports' && 'containerPort' in element ? 'containerPort' : MERGE_KEYS[field]

/** Turns a piece of another object into a patch: nulls and directives strewn in. */
function asPatch(value: Json, field: string): Json {
  if (Array.isArray(value)) return value.map(element => asPatchElement(element, field))
  if (typeof value !== 'object' || value === null) return value
  const result: Fields = {}
  for (const [key, below] of Object.entries(value)) {
    const mergeKey = MERGE_KEYS[key]
    if (
      ['name', 'uid', 'type', 'ip', 'port', 'containerPort', 'mountPath', 'kind', 'apiVersion'].includes(key)
    )
      result[key] = below
    else if (random.chance(0.1)) result[key] = null
    else if (mergeKey === '' && Array.isArray(below) && random.chance(0.5))
      result[`$deleteFromPrimitiveList/${key}`] = below
    else result[key] = asPatch(below, key)
    if (mergeKey !== undefined && Array.isArray(result[key]) && random.chance(0.3)) addOrder(result, key)
  }
  if (field !== '' && field !== 'spec' && field !== 'metadata' && random.chance(0.04))
    result.$patch = pick(['replace', 'delete'])
  else if (field === 'strategy' || (field === 'volumes' && random.chance(0.5)))
    result.$retainKeys = Object.keys(result)
  return result
}

function asPatchElement(element: Json, field: string): Json {
  const mergeKey = MERGE_KEYS[field]
  if (mergeKey && random.chance(0.15)) {
    const key = keyFor(field, element as Fields)!
    return { [key]: (element as Fields)[key], $patch: 'delete' }
  }
  if (mergeKey && random.chance(0.04)) return { $patch: 'replace' }
  return asPatch(element, field)
}

function addOrder(patch: Fields, key: string): void {
  const list = (patch[key] as Fields[]).filter(element => element.$patch === undefined)
  const mergeKey = list[0] && typeof list[0] === 'object' ? keyFor(key, list[0])! : ''
  patch[`$setElementOrder/${key}`] =
    mergeKey === '' ? list : list.map(element => ({ [mergeKey]: element[mergeKey] }))
}

const WRITTEN: readonly Case[] = [
  {
    object: {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web' },
      spec: { containers: [{ name: 'a', image: 'x' }] },
    },
    patch: { spec: { containers: [{ image: 'y' }] } },
  },
  {
    object: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', labels: { a: '1' } } },
    patch: { metadata: { labels: { $patch: 'sideways', b: '2' } } },
  },
  {
    object: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', finalizers: ['a.io/x', 'a.io/y'] } },
    patch: {
      metadata: {
        '$deleteFromPrimitiveList/finalizers': ['a.io/x'],
        '$setElementOrder/finalizers': ['a.io/z', 'a.io/y'],
        finalizers: ['a.io/z'],
      },
    },
  },
  {
    object: {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web' },
      spec: { containers: [{ name: 'a' }, { name: 'b' }, { name: 'c' }] },
    },
    patch: { spec: { '$setElementOrder/containers': [{ name: 'c' }, { name: 'a' }] } },
  },
  {
    object: {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web' },
      spec: { containers: [{ name: 'a' }, { name: 'b' }] },
    },
    patch: {
      spec: {
        '$setElementOrder/containers': [{ name: 'a' }, { name: 'd' }],
        containers: [{ name: 'd' }, { name: 'a', image: 'x' }],
      },
    },
  },
  {
    object: {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web' },
      spec: { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } } },
    },
    patch: { spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' } } },
  },
  {
    object: {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web' },
      spec: { strategy: { type: 'Recreate' } },
    },
    patch: { spec: { strategy: { $retainKeys: ['rollingUpdate'], type: 'Recreate' } } },
  },
]

function randomCase(): Case {
  const make = pick(KINDS)
  const object = make()
  const { apiVersion: _, kind: __, ...patch } = asPatch(make(), '') as Fields
  return { object, patch }
}

const folder = mkdtempSync(join(tmpdir(), 'patch-cases-'))
const lines: string[] = []
for (const { object, patch } of [...WRITTEN, ...Array.from({ length: RANDOM_CASES }, randomCase)]) {
  const file = join(folder, 'object.json')
  writeFileSync(file, JSON.stringify(object))
  const flags = [
    'patch',
    '--local',
    '--type=strategic',
    '-f',
    file,
    '-p',
    JSON.stringify(patch),
    '-o',
    'json',
  ]
  const { status, stdout, stderr } = spawnSync('kubectl', flags, { encoding: 'utf8' })
  const answer = status === 0 ? { result: JSON.parse(stdout) } : { error: stderr.trim() }
  lines.push(JSON.stringify({ object, patch, ...answer }))
}
rmSync(folder, { recursive: true })
writeFileSync(
  new URL('../src/api/patch/strategic-merge.cases.generated.json', import.meta.url),
  `[\n${lines.join(',\n')}\n]\n`,
)
console.log(`${lines.length} cases recorded`)
