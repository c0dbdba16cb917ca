/**
 * Records what the real kubectl prints: `npx tsx scripts/record-kubectl-cases.ts /path/to/kubectl-1.33`. It is given
 * the lines of `kubectl-cases/lines.txt` and a server on this machine that has the objects of
 * `kubectl-cases/objects.yaml`; the answers go to `src/kubectl/recorded.cases.generated.json`, which a test replays.
 */
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type AnyKind, groupsOf, type KubeObject, parseManifest, Scheme, verbsOf } from '../src/api/index.ts'
import { type ApiResult, requestFor } from '../src/client/index.ts'
import { FIXED_KINDS, FixedServer } from '../src/kubectl/fixed-server.testing.ts'
import { shellWords } from '../src/kubectl/index.ts'
import { Simulation } from '../src/sim/index.ts'

/** The objects are written as if it were five minutes after this. */
const WRITTEN_AT_MS = Date.parse('2026-01-01T00:05:00Z')
const OUTPUT = new URL('../src/kubectl/recorded.cases.generated.json', import.meta.url)

const input = (name: string) => readFileSync(new URL(`kubectl-cases/${name}`, import.meta.url), 'utf8')

/** The objects, with their times moved so that kubectl's ages are small. */
function readObjects(): KubeObject[] {
  const offsetMs = Math.floor((Date.now() - WRITTEN_AT_MS) / 1000) * 1000
  const moved = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(moved)
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, moved(inner)]))
    }
    if (typeof value !== 'string' || !/^2026-01-01T/.test(value)) return value
    const time = new Date(Date.parse(value) + offsetMs).toISOString()
    return time.replace('.000Z', value.includes('.') ? '.000000Z' : 'Z')
  }
  return parseManifest('objects.yaml', input('objects.yaml')).map(({ object }) => {
    const { metadata, ...rest } = moved(object) as KubeObject
    return { ...rest, metadata: { ...metadata, resourceVersion: '7' } }
  })
}

/** Discovery, and reads of the objects; writes are answered as reads, so only dry runs mean anything. */
function serve(objects: readonly KubeObject[]): Server {
  const scheme = new Scheme(FIXED_KINDS)
  return createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost')
    const answer = discovery(url.pathname) ?? read(scheme, objects, url) ?? NOT_FOUND
    response.writeHead(answer.code, { 'content-type': 'application/json' })
    response.end(JSON.stringify(answer.body))
  })
}

interface Answer {
  readonly code: number
  readonly body: unknown
}

const NOT_FOUND: Answer = {
  code: 404,
  body: {
    kind: 'Status',
    apiVersion: 'v1',
    status: 'Failure',
    message: 'the server could not find the requested resource',
    reason: 'NotFound',
    code: 404,
  },
}

function discovery(path: string): Answer | undefined {
  if (path === '/version') return ok({ major: '1', minor: '33', gitVersion: 'v1.33.0' })
  if (path === '/api') return ok({ kind: 'APIVersions', versions: ['v1'] })
  if (path === '/apis') {
    const groups = groupsOf(new Scheme(FIXED_KINDS)).flatMap(({ group: name, versions }) => {
      const entries = versions.map(version => ({ groupVersion: `${name}/${version}`, version }))
      return name === '' ? [] : [{ name, versions: entries, preferredVersion: entries[0] }]
    })
    return ok({ kind: 'APIGroupList', apiVersion: 'v1', groups })
  }
  const groupVersion = /^\/api\/(v1)$/.exec(path)?.[1] ?? /^\/apis\/([^/]+\/v\d)$/.exec(path)?.[1]
  if (groupVersion === undefined) return undefined
  const kinds = FIXED_KINDS.filter(kind => kind.apiVersion === groupVersion)
  return ok({ kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources: kinds.map(resourceOf) })
}

function ok(body: unknown): Answer {
  return { code: 200, body }
}

function resourceOf(source: AnyKind): object {
  const { plural, singular, isNamespaced, kind, shortNames, categories } = source
  const names = { name: plural, singularName: singular, kind, shortNames, categories }
  return { ...names, namespaced: isNamespaced, verbs: verbsOf(source) }
}

function read(scheme: Scheme, objects: readonly KubeObject[], url: URL): Answer | undefined {
  const match = /^\/(?:api|apis\/([^/]+))\/v1\/(?:namespaces\/([^/]+)\/)?([^/]+)(?:\/([^/]+))?$/.exec(
    url.pathname,
  )
  if (!match) return undefined
  const [, group, namespace = '', plural = '', name = ''] = match
  // Kinds that a namespace's description asks for.
  if (plural === 'resourcequotas' || plural === 'limitranges') {
    return ok({ kind: 'List', apiVersion: 'v1', metadata: {}, items: [] })
  }
  const kind = scheme.byResource(group === undefined ? 'v1' : `${group}/v1`, plural)
  if (!kind) return undefined
  const sim = new Simulation({ seed: 1 })
  const options = {
    labelSelector: url.searchParams.get('labelSelector') ?? '',
    fieldSelector: url.searchParams.get('fieldSelector') ?? '',
  }
  let result: ApiResult<object> | undefined
  const request = requestFor(name === '' ? 'list' : 'get', kind, namespace, name, { options })
  new FixedServer(sim, objects).request(request, value => {
    result = value
  })
  sim.advance(0)
  if (!result?.ok) return { code: result?.code ?? 500, body: result?.status }
  const type = name === '' ? { kind: `${kind.kind}List`, apiVersion: kind.apiVersion } : {}
  return ok({ ...result.object, ...type })
}

/** Ages are in whole seconds: a command begins early in one, so that it ends in the same. */
async function beginningOfASecond(): Promise<number> {
  const wait = promisify(setTimeout)
  for (;;) {
    const nowMs = Date.now()
    if (nowMs % 1000 < 300) return nowMs
    await wait(1000 - (nowMs % 1000))
  }
}

async function main(): Promise<void> {
  const kubectl = process.argv[2] ?? 'kubectl'
  const objects = readObjects()
  const server = serve(objects).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const home = mkdtempSync(join(tmpdir(), 'kubectl-cases-'))
  const { port } = server.address() as AddressInfo
  const kubeconfig = join(home, 'config')
  const cluster = { server: `http://127.0.0.1:${port}` }
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'c', cluster }],
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
    users: [{ name: 'u', user: {} }],
    'current-context': 'c',
  }
  writeFileSync(kubeconfig, JSON.stringify(config))
  const env = { KUBECONFIG: kubeconfig, HOME: home, TZ: 'UTC' }
  const cases: { line: string; nowMs: number; printed: string }[] = []
  for (const line of input('lines.txt')
    .split('\n')
    .filter(text => text !== '')) {
    const nowMs = await beginningOfASecond()
    const printed = await new Promise<string>(resolve => {
      execFile(kubectl, shellWords(line), { env, timeout: 15_000 }, (_, stdout, stderr) =>
        resolve(stdout + stderr),
      )
    })
    cases.push({ line, nowMs, printed })
  }
  writeFileSync(OUTPUT, `${JSON.stringify({ objects, cases }, null, 1)}\n`)
  server.close()
  rmSync(home, { recursive: true })
}

await main()
