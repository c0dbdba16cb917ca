/** Strategic merge against the real `kubectl patch --local`: one patch on many objects a process. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { applyStrategicMergePatch, mergeRulesOf, semanticEqual } from '../../src/api/index.ts'
import { findKubectls, NO_KUBECTL } from '../conformance/harness.ts'

type Json = Record<string, unknown>

const PATCHES = 12
const OBJECTS = 12

const kubectl = findKubectls().at(-1)?.path

const word = fc.constantFrom('alpha', 'beta', 'gamma')
const optional = <T extends Record<string, fc.Arbitrary<unknown>>>(fields: T, ...required: string[]) =>
  fc.record(fields, { requiredKeys: required as never })
const keyed = (
  key: string,
  values: readonly (string | number)[],
  more: Record<string, fc.Arbitrary<unknown>>,
) =>
  fc.uniqueArray(optional({ [key]: fc.constantFrom(...values), ...more }, key), {
    selector: element => (element as Json)[key],
    maxLength: values.length,
  })

const CONTAINER = {
  image: word,
  args: fc.array(word, { maxLength: 2 }),
  env: keyed('name', ['A', 'B', 'C'], { value: word }),
  ports: keyed('containerPort', [80, 443, 8080], { name: word }),
  volumeMounts: keyed('mountPath', ['/a', '/b'], { name: word }),
}
const LABELS = fc.dictionary(fc.constantFrom('app', 'tier', 'track'), word)

function deploymentOf(isPatch: boolean): fc.Arbitrary<Json> {
  const orNull = (value: fc.Arbitrary<unknown>) =>
    isPatch ? fc.oneof({ weight: 9, arbitrary: value }, { weight: 1, arbitrary: fc.constant(null) }) : value
  const containers = isPatch
    ? fc.uniqueArray(
        fc.oneof(
          {
            weight: 8,
            arbitrary: optional({ name: fc.constantFrom('one', 'two', 'three'), ...CONTAINER }, 'name'),
          },
          { weight: 1, arbitrary: fc.constant({ name: 'two', $patch: 'delete' } as Json) },
        ),
        { selector: element => (element as Json).name, maxLength: 3 },
      )
    : keyed('name', ['one', 'two', 'three'], CONTAINER)
  const podSpec = optional({
    containers,
    hostAliases: orNull(
      keyed('ip', ['10.0.0.1', '10.0.0.2'], { hostnames: fc.array(word, { maxLength: 2 }) }),
    ),
    imagePullSecrets: orNull(keyed('name', ['s1', 's2'], {})),
    nodeSelector: orNull(LABELS),
    tolerations: orNull(fc.array(fc.record({ key: word }), { maxLength: 2 })),
  })
  const metadata = optional({
    labels: orNull(LABELS),
    annotations: orNull(LABELS),
    finalizers: orNull(fc.uniqueArray(fc.constantFrom('a.io/x', 'a.io/y', 'a.io/z'))),
  })
  return fc.record({
    metadata,
    spec: optional({
      replicas: orNull(fc.integer({ min: 0, max: 5 })),
      paused: orNull(fc.boolean()),
      template: fc.record({ metadata: optional({ labels: orNull(LABELS) }), spec: podSpec }),
    }),
  }) as fc.Arbitrary<Json>
}

function sample(isPatch: boolean, count: number, seed: number): Json[] {
  return fc.sample(deploymentOf(isPatch), { numRuns: count, seed })
}

/** Several patched objects come as one List. */
function itemsIn(stdout: string): Json[] {
  const answer = JSON.parse(stdout) as Json
  return answer.kind === 'List' ? (answer.items as Json[]) : [answer]
}

test('gives what kubectl gives', { timeout: 60_000 }, () => {
  if (!kubectl) throw new Error(NO_KUBECTL)
  const folder = mkdtempSync(join(tmpdir(), 'kubarium-patch-'))
  try {
    sample(true, PATCHES, 11).forEach((patch, p) => {
      const objects = sample(false, OBJECTS, 100 + p).map((object, i) => ({
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        ...object,
        metadata: { name: `web-${i}`, ...(object.metadata as Json) },
      }))
      const file = join(folder, `${p}.json`)
      writeFileSync(file, objects.map(object => JSON.stringify(object)).join('\n'))
      const args = [
        'patch',
        '--local',
        '--type=strategic',
        '-o',
        'json',
        '-f',
        file,
        '-p',
        JSON.stringify(patch),
      ]
      const { stdout, stderr } = spawnSync(kubectl, args, { encoding: 'utf8' })
      const expected = new Map(
        readAll(stdout).map(object => [(object.metadata as Json).name as string, object]),
      )
      for (const object of objects) {
        const result = applyStrategicMergePatch(object, patch, mergeRulesOf('Deployment')!)
        const wanted = expected.get(object.metadata.name)
        if (!wanted) throw new Error(`kubectl refused: ${stderr}`)
        if (!semanticEqual(result, withoutDirectives(wanted))) expect(result).toEqual(wanted)
      }
    })
  } finally {
    rmSync(folder, { recursive: true })
  }
})

/** kubectl prints one document after another, or one List. */
function readAll(stdout: string): Json[] {
  return stdout
    .split(/\n(?=\{)/)
    .filter(text => text.trim() !== '')
    .flatMap(itemsIn)
}

/** Directives inside new values: kubectl leaves them in, for decoding to drop. */
function withoutDirectives(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDirectives)
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value).filter(([name]) => !name.startsWith('$'))
  return Object.fromEntries(kept.map(([name, below]) => [name, withoutDirectives(below)]))
}
