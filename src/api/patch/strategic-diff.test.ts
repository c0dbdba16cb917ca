import { describe, expect, test } from 'vitest'
import { semanticEqual } from '../deep-equal.ts'
import type { JsonRecord } from './json.ts'
import { type MergeRules, mergeRulesOf } from './merge-keys.ts'
import { createStrategicMergePatch, createThreeWayStrategicMergePatch } from './strategic-diff.ts'
import recorded from './strategic-merge.cases.generated.json' with { type: 'json' }
import { applyStrategicMergePatch } from './strategic-merge.ts'

const POD = mergeRulesOf('Pod')!
const containers = (...list: JsonRecord[]) => ({ spec: { containers: list } })

describe('the patch from one object to another', () => {
  test.each<[string, JsonRecord, JsonRecord, JsonRecord]>([
    ['equal objects: nothing', { a: [1] }, { a: [1] }, {}],
    [
      'a map: its changed fields',
      { m: { a: 1, b: 2, c: 3 } },
      { m: { a: 1, b: 3 } },
      { m: { b: 3, c: null } },
    ],
    ['a plain list: the whole', { l: [1, 2] }, { l: [2] }, { l: [2] }],
    [
      'a merging list: the changed element, by key, and the order',
      containers({ name: 'a', image: 'x', args: ['1'] }, { name: 'b' }),
      containers({ name: 'a', image: 'y', args: ['1'] }, { name: 'b' }),
      {
        spec: {
          '$setElementOrder/containers': [{ name: 'a' }, { name: 'b' }],
          containers: [{ name: 'a', image: 'y' }],
        },
      },
    ],
    [
      'an element gone',
      containers({ name: 'a' }, { name: 'b' }),
      containers({ name: 'b' }),
      {
        spec: {
          '$setElementOrder/containers': [{ name: 'b' }],
          containers: [{ name: 'a', $patch: 'delete' }],
        },
      },
    ],
    [
      'another order only',
      containers({ name: 'a' }, { name: 'b' }),
      containers({ name: 'b' }, { name: 'a' }),
      { spec: { '$setElementOrder/containers': [{ name: 'b' }, { name: 'a' }] } },
    ],
    [
      'a list of plain values',
      { metadata: { finalizers: ['x', 'y'] } },
      { metadata: { finalizers: ['y', 'z'] } },
      {
        metadata: {
          finalizers: ['z'],
          '$deleteFromPrimitiveList/finalizers': ['x'],
          '$setElementOrder/finalizers': ['y', 'z'],
        },
      },
    ],
    [
      'a union: the keys to keep',
      { spec: { volumes: [{ name: 'v', emptyDir: {} }] } },
      { spec: { volumes: [{ name: 'v', secret: { secretName: 's' } }] } },
      {
        spec: {
          '$setElementOrder/volumes': [{ name: 'v' }],
          volumes: [
            { name: 'v', emptyDir: null, secret: { secretName: 's' }, $retainKeys: ['name', 'secret'] },
          ],
        },
      },
    ],
    [
      'ports that share a number are matched in order',
      containers({
        name: 'a',
        ports: [
          { containerPort: 53, protocol: 'TCP' },
          { containerPort: 53, protocol: 'UDP' },
        ],
      }),
      containers({
        name: 'a',
        ports: [
          { containerPort: 53, protocol: 'TCP' },
          { containerPort: 53, protocol: 'UDP' },
        ],
      }),
      {},
    ],
  ])('%s', (_, before, after, patch) => {
    expect(createStrategicMergePatch(before, after, POD)).toEqual(patch)
  })

  test('applied to the one gives the other, for every pair of recorded objects of a kind', () => {
    const byKind = new Map<string, JsonRecord[]>()
    for (const { object } of recorded as unknown as { object: JsonRecord & { kind: string } }[]) {
      byKind.set(object.kind, [...(byKind.get(object.kind) ?? []), object])
    }
    for (const [kind, objects] of byKind) {
      const rules = mergeRulesOf(kind)!
      const pairs = objects.slice(0, 20).flatMap(a => objects.slice(0, 20).map(b => [a, b] as const))
      for (const [a, b] of pairs) expectRoundTrip(a, b, rules)
    }
  })
})

function expectRoundTrip(a: JsonRecord, b: JsonRecord, rules: MergeRules): void {
  const patch = createStrategicMergePatch(a, b, rules)
  const result = applyStrategicMergePatch(a, patch, rules)
  if (!semanticEqual(result, b)) expect({ patch, result }).toEqual({ patch, result: b })
}

describe('what apply sends', () => {
  const DEPLOYMENT = mergeRulesOf('Deployment')!
  const template = (image: string, ...env: string[]) => ({
    spec: { containers: [{ name: 'web', image, env: env.map(name => ({ name, value: '1' })) }] },
  })

  test('changes what the manifest says and leaves what others set', () => {
    const original = { spec: { replicas: 3, template: template('nginx:1', 'A') } }
    const modified = { spec: { replicas: 3, template: template('nginx:2', 'A') } }
    const current = { spec: { replicas: 5, paused: true, template: template('nginx:1', 'A', 'THEIRS') } }
    const patch = createThreeWayStrategicMergePatch(original, modified, current, DEPLOYMENT)
    expect(applyStrategicMergePatch(current, patch, DEPLOYMENT)).toEqual({
      spec: { replicas: 3, paused: true, template: template('nginx:2', 'A', 'THEIRS') },
    })
  })

  test('removes what the manifest no longer says', () => {
    const original = {
      metadata: { labels: { a: '1', b: '2' } },
      spec: { template: template('nginx:1', 'A', 'B') },
    }
    const modified = { metadata: { labels: { a: '1' } }, spec: { template: template('nginx:1', 'B') } }
    const current = { ...original, spec: { ...original.spec, replicas: 1 } }
    const patch = createThreeWayStrategicMergePatch(original, modified, current, DEPLOYMENT)
    expect(patch.metadata).toEqual({ labels: { b: null } })
    expect(applyStrategicMergePatch(current, patch, DEPLOYMENT)).toEqual({
      ...modified,
      spec: { ...modified.spec, replicas: 1 },
    })
  })

  test('turning a rolling update into Recreate drops what the server had defaulted', () => {
    const original = { spec: { replicas: 1 } }
    const modified = { spec: { replicas: 1, strategy: { type: 'Recreate' } } }
    const current = {
      spec: { replicas: 1, strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%' } } },
    }
    const patch = createThreeWayStrategicMergePatch(original, modified, current, DEPLOYMENT)
    expect(patch).toEqual({ spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' } } })
    expect(applyStrategicMergePatch(current, patch, DEPLOYMENT)).toEqual(modified)
  })

  test('is empty when nothing is to be done', () => {
    const manifest = { spec: { replicas: 1, template: template('nginx:1', 'A') } }
    const current = { ...manifest, status: { replicas: 1 } }
    expect(createThreeWayStrategicMergePatch(manifest, manifest, current, DEPLOYMENT)).toEqual({})
  })
})
