import { describe, expect, test } from 'vitest'
import type { KubeObject } from '../../object.ts'
import { KINDS } from '../index.ts'
import { testContext, texts } from './strategy.testing.ts'

type Any = KubeObject & { spec: Record<string, unknown>; status: Record<string, unknown> }

const kindOf = (plural: string) => KINDS.find(kind => kind.plural === plural)!
const template = (spec: object = {}, labels: object = { app: 'web' }) => ({
  metadata: { labels },
  spec: { containers: [{ name: 'c', image: 'a:1' }], ...spec },
})

/** The object as it is stored. */
function create(plural: string, spec: object): Any {
  const kind = kindOf(plural)
  const metadata = { name: 'web', namespace: 'default', uid: 'u', resourceVersion: '1' }
  const complete = kind.strategy.defaults!({
    metadata,
    spec: { selector: { matchLabels: { app: 'web' } }, template: template(), ...spec },
  })
  return kind.strategy.prepareForCreate?.(complete, testContext()) as Any
}
const complaints = (plural: string, spec: object) =>
  texts(kindOf(plural).strategy.validate!(create(plural, spec)))

describe.each(['deployments', 'replicasets', 'statefulsets', 'daemonsets'])('%s', plural => {
  const singular: Record<string, string> = {
    deployments: 'deployment',
    replicasets: 'deployment',
    statefulsets: 'statefulset',
    daemonsets: 'daemonset',
  }

  test('a plain one is right', () => {
    expect(complaints(plural, {})).toEqual([])
  })

  test('must have a selector', () => {
    expect(complaints(plural, { selector: undefined })).toEqual(['spec.selector: Required value'])
  })

  test('must not select everything', () => {
    const shown =
      'v1.LabelSelector{MatchLabels:map[string]string(nil), MatchExpressions:[]v1.LabelSelectorRequirement(nil)}'
    expect(complaints(plural, { selector: {} })).toEqual([
      `spec.selector: Invalid value: ${shown}: empty selector is invalid for ${singular[plural]}`,
    ])
  })

  test('must select its own pods', () => {
    expect(complaints(plural, { template: template({}, { b: '2', a: '1' }) })).toEqual([
      'spec.template.metadata.labels: Invalid value: map[string]string{"a":"1", "b":"2"}: `selector` does not match template `labels`',
    ])
  })

  test('restarts its pods always', () => {
    expect(complaints(plural, { template: template({ restartPolicy: 'Never' }) })).toEqual([
      'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"',
    ])
  })

  test('shares its spec with what it was when only the status is written', () => {
    const old = create(plural, {})
    const next = { ...old, metadata: { ...old.metadata, resourceVersion: '2' }, status: { ...old.status } }
    expect(kindOf(plural).strategy.validateStatusUpdate!(next, old)).toEqual([])
    expect(kindOf(plural).strategy.defaults!(next)).toBe(next)
  })
})

test('a wrong container is named by its path', () => {
  expect(complaints('deployments', { template: template({ containers: [{ name: 'c' }] }) })).toEqual([
    'spec.template.spec.containers[0].image: Required value',
  ])
})

describe('deployments', () => {
  test.each<[what: string, spec: object, complaints: string[]]>([
    [
      'Recreate with numbers',
      { strategy: { type: 'Recreate', rollingUpdate: { maxSurge: 1 } } },
      ["spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'"],
    ],
    [
      'no way forward',
      { strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: '0%' } } },
      ['spec.strategy.rollingUpdate.maxUnavailable: Invalid value: "0%": may not be 0 when `maxSurge` is 0'],
    ],
    [
      'more than all',
      { strategy: { rollingUpdate: { maxUnavailable: '101%' } } },
      ['spec.strategy.rollingUpdate.maxUnavailable: Invalid value: "101%": must not be greater than 100%'],
    ],
    [
      'a deadline too early',
      { progressDeadlineSeconds: 10, minReadySeconds: 10 },
      ['spec.progressDeadlineSeconds: Invalid value: 10: must be greater than minReadySeconds'],
    ],
    [
      'fewer than none',
      { replicas: -1 },
      ['spec.replicas: Invalid value: -1: must be greater than or equal to 0'],
    ],
  ])('%s', (_, spec, expected) => {
    expect(complaints('deployments', spec)).toEqual(expected)
  })

  test('the selector is for ever', () => {
    const old = create('deployments', {})
    const labels = { app: 'web', tier: 'front' }
    const spec = { ...old.spec, selector: { matchLabels: labels }, template: template({}, labels) }
    const next = kindOf('deployments').strategy.defaults!({ ...old, spec })
    expect(texts(kindOf('deployments').strategy.validateUpdate!(next, old))).toEqual([
      'spec.selector: Invalid value: v1.LabelSelector{MatchLabels:map[string]string{"app":"web", "tier":"front"}, MatchExpressions:[]v1.LabelSelectorRequirement(nil)}: field is immutable',
    ])
  })
})

describe('statefulsets', () => {
  const strategy = kindOf('statefulsets').strategy
  const FORBIDDEN =
    "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden"

  test.each<[spec: object, complaints: string[]]>([
    [{ replicas: 5 }, []],
    [{ template: template({ nodeSelector: { a: 'b' } }) }, []],
    [{ updateStrategy: { type: 'OnDelete' } }, []],
    [{ minReadySeconds: 5 }, []],
    [{ serviceName: 'other' }, [FORBIDDEN]],
    [{ podManagementPolicy: 'Parallel' }, [FORBIDDEN]],
    [{ volumeClaimTemplates: [] }, []],
    [{ volumeClaimTemplates: [{ metadata: { name: 'a' } }] }, [FORBIDDEN]],
  ])('an update of %j', (spec, expected) => {
    const old = create('statefulsets', { serviceName: 'web' })
    const next = strategy.defaults!({ ...old, spec: { ...old.spec, ...spec } })
    expect(texts(strategy.validateUpdate!(next, old))).toEqual(expected)
  })

  test('claims in templates are complete', () => {
    const claim = { metadata: { name: 'data' }, spec: { resources: { requests: { storage: '1024Mi' } } } }
    expect(create('statefulsets', { volumeClaimTemplates: [claim] }).spec.volumeClaimTemplates).toEqual([
      {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: { name: 'data', creationTimestamp: null },
        spec: { resources: { requests: { storage: '1Gi' } }, volumeMode: 'Filesystem' },
        status: { phase: 'Pending' },
      },
    ])
  })
})

describe('daemonsets', () => {
  const strategy = kindOf('daemonsets').strategy
  const generationOf = (set: Any) => set.metadata.annotations?.['deprecated.daemonset.template.generation']

  test('count the changes of their template', () => {
    const old = create('daemonsets', {})
    expect(generationOf(old)).toBe('1')
    const update = (spec: object) =>
      strategy.prepareForUpdate!(
        strategy.defaults!({ ...old, spec: { ...old.spec, ...spec } }),
        old,
        testContext(),
      ) as Any
    expect(generationOf(update({ minReadySeconds: 3 }))).toBe('1')
    expect(generationOf(update({ template: template({ nodeName: 'n' }) }))).toBe('2')
  })

  test.each<[rollingUpdate: object, complaints: string[]]>([
    [{ maxUnavailable: '50%' }, []],
    [{ maxUnavailable: 0, maxSurge: 1 }, []],
    [
      { maxUnavailable: 1, maxSurge: 1 },
      [
        'spec.updateStrategy.rollingUpdate.maxSurge: Invalid value: 1: may not be set when maxUnavailable is non-zero',
      ],
    ],
    [
      { maxUnavailable: 0 },
      ['spec.updateStrategy.rollingUpdate.maxUnavailable: Required value: cannot be 0 when maxSurge is 0'],
    ],
  ])('%j', (rollingUpdate, expected) => {
    expect(complaints('daemonsets', { updateStrategy: { rollingUpdate } })).toEqual(expected)
  })
})

describe('jobs', () => {
  const strategy = kindOf('jobs').strategy
  const job = (spec: object = {}) =>
    create('jobs', { selector: undefined, template: template({ restartPolicy: 'Never' }), ...spec })

  test('one pod to begin with', () => {
    expect(job().spec).toMatchObject({ completions: 1, parallelism: 1, backoffLimit: 6 })
    expect(job({ parallelism: 3 }).spec.completions).toBeUndefined()
    expect(texts(strategy.validate!(job()))).toEqual([])
  })

  test.each<[what: string, spec: object, complaints: string[]]>([
    [
      'pods that never end',
      { template: template() },
      ['spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"'],
    ],
    [
      'indexes without an end',
      { completionMode: 'Indexed', parallelism: 2 },
      ['spec.completions: Required value: when completion mode is Indexed'],
    ],
    [
      'less than no retries',
      { backoffLimit: -1 },
      ['spec.backoffLimit: Invalid value: -1: must be greater than or equal to 0'],
    ],
  ])('%s', (_, spec, expected) => {
    expect(texts(strategy.validate!(job(spec)))).toEqual(expected)
  })

  test.each<[spec: object, fields: string[]]>([
    [{ parallelism: 5 }, []],
    [{ suspend: true }, []],
    [{ completions: 5 }, ['spec.completions']],
    [{ completionMode: 'Indexed' }, ['spec.completionMode']],
  ])('an update of %j', (spec, fields) => {
    const old = job()
    const errors = strategy.validateUpdate!({ ...old, spec: { ...old.spec, ...spec } }, old)
    expect(errors.map(error => error.field)).toEqual(fields)
  })

  test('an indexed one grows when its parallelism does', () => {
    const old = job({ completionMode: 'Indexed', completions: 2, parallelism: 2 })
    const grown = { ...old, spec: { ...old.spec, completions: 4, parallelism: 4 } }
    expect(texts(strategy.validateUpdate!(grown, old))).toEqual([])
  })

  test('the template is fixed, save for where pods go before the first of them', () => {
    const old = job({ suspend: true })
    const oldTemplate = old.spec.template as { spec: object }
    const withSpec = (fields: object) => ({
      ...old,
      spec: { ...old.spec, template: { ...oldTemplate, spec: { ...oldTemplate.spec, ...fields } } },
    })
    expect(texts(strategy.validateUpdate!(withSpec({ nodeSelector: { a: 'b' } }), old))).toEqual([])
    const errors = strategy.validateUpdate!(withSpec({ terminationGracePeriodSeconds: 1 }), old)
    expect(errors.map(error => error.field)).toEqual(['spec.template'])
  })

  test('deleting one orphans its pods unless told otherwise', () => {
    expect(strategy.defaultPropagation).toBe('Orphan')
  })
})

test('scale reads and writes replicas', () => {
  const set = create('deployments', { replicas: 3 })
  const scale = kindOf('deployments').scale!
  expect([scale.specReplicas(set), scale.statusReplicas(set), scale.selector(set)]).toEqual([3, 0, 'app=web'])
  expect(scale.withSpecReplicas(set, 5).spec.replicas).toBe(5)
})
