import { describe, expect, test } from 'vitest'
import {
  ConfigMaps,
  encodeBase64,
  MutatingWebhookConfigurations,
  ValidatingWebhookConfigurations,
} from '../../api/index.ts'
import { configMap, refusalOf, World } from '../world.testing.ts'

type Answer = (review: { request: { uid: string; object: { data: Record<string, string> } } }) => object

const RULES = [
  { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['configmaps'] },
]

/** A world whose webhook, reached under a URL, answers so. */
function worldWith(kind: 'Mutating' | 'Validating', answer: Answer | undefined, more: object = {}): World {
  const webhooks = {
    call(_target: object, review: unknown, _timeoutMs: number, reply: (answer: never) => void) {
      const given = review as Parameters<Answer>[0]
      const review1 = { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview' }
      const body = answer && { ...review1, response: { uid: given.request.uid, ...answer(given) } }
      reply((body ? { ok: true, body } : { ok: false, message: 'connect: connection refused' }) as never)
    },
  }
  const world = new World({ webhooks })
  world.create(kind === 'Mutating' ? MutatingWebhookConfigurations : ValidatingWebhookConfigurations, {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: `${kind}WebhookConfiguration`,
    metadata: { name: 'w' },
    webhooks: [
      {
        name: 'w.example.com',
        clientConfig: { url: 'https://w.example.com/check' },
        rules: RULES,
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
        ...more,
      },
    ],
  })
  world.settle()
  return world
}

const create = (world: World, options = {}) =>
  world.ask('create', ConfigMaps, 'default/', configMap('a', { x: '1' }), options)

describe('a validating webhook', () => {
  test('refuses in its own words, and warns', () => {
    const no = worldWith('Validating', () => ({ allowed: false, status: { message: 'not so', code: 403 } }))
    expect(refusalOf(create(no))).toBe(
      '403 undefined: admission webhook "w.example.com" denied the request: not so',
    )
    const silent = worldWith('Validating', () => ({ allowed: false }))
    expect(refusalOf(create(silent))).toContain('denied the request without explanation')
    const yes = worldWith('Validating', () => ({ allowed: true, warnings: ['careful'] }))
    expect(create(yes)).toMatchObject({ ok: true, warnings: ['careful'] })
  })

  test('that does not answer fails or is ignored', () => {
    expect(refusalOf(create(worldWith('Validating', undefined)))).toBe(
      '500 InternalError: Internal error occurred: failed calling webhook "w.example.com": failed to call webhook: Post "https://w.example.com/check?timeout=10s": connect: connection refused',
    )
    expect(create(worldWith('Validating', undefined, { failurePolicy: 'Ignore' })).ok).toBe(true)
    const clientConfig = { service: { namespace: 'default', name: 'none', path: '/x' } }
    expect(refusalOf(create(worldWith('Validating', undefined, { clientConfig })))).toContain(
      'Post "https://none.default.svc:443/x?timeout=10s": service "none" not found',
    )
  })

  test('is asked where its rules and conditions say, on updates too', () => {
    const matchConditions = [{ name: 'big', expression: "object.data.x == '2'" }]
    const world = worldWith('Validating', () => ({ allowed: false }), { matchConditions })
    expect(create(world).ok).toBe(true)
    const patch = world.ask('patch', ConfigMaps, 'default/a', { data: { x: '2' } }, { patchType: 'merge' })
    expect(patch.ok).toBe(false)
  })

  test('with side effects knows no dry run', () => {
    const world = worldWith('Validating', () => ({ allowed: true }), { sideEffects: 'None' })
    expect(create(world, { dryRun: true }).ok).toBe(true)
  })
})

test('a mutating webhook patches what comes', () => {
  const patch = encodeBase64(JSON.stringify([{ op: 'add', path: '/data/y', value: '2' }]))
  const world = worldWith('Mutating', () => ({ allowed: true, patchType: 'JSONPatch', patch }))
  expect(create(world)).toMatchObject({ ok: true, object: { data: { x: '1', y: '2' } } })
})

describe('an answer that is none', () => {
  test.each<[what: string, response: object, why: string]>([
    [
      'a uid that is a number',
      { uid: 5 },
      'number into Go struct field AdmissionReview.response.uid of type string',
    ],
    [
      'a warning that is a number',
      { warnings: [5] },
      'array into Go struct field AdmissionReview.response.warnings',
    ],
    [
      'a patch that is an object',
      { patch: {} },
      'object into Go struct field AdmissionReview.response.patch of type',
    ],
    [
      'a code that is a text',
      { status: { code: '403' } },
      'string into Go struct field AdmissionReview.response.status.code',
    ],
    ['a status that is a text', { status: 'no' }, 'string into Go value of AdmissionReview.response.status'],
  ])('%s fails as one', (_, response, why) => {
    const world = worldWith('Validating', () => ({ allowed: true, ...response }))
    expect(refusalOf(create(world))).toContain(
      `500 InternalError: Internal error occurred: failed calling webhook "w.example.com": failed to call webhook: json: cannot unmarshal ${why}`,
    )
  })

  test('a code that HTTP does not have is 400', () => {
    const world = worldWith('Validating', () => ({ allowed: false, status: { code: 99_999 } }))
    expect(refusalOf(create(world))).toMatch(/^400 /)
  })

  test.each<[what: string, patch: object, why: string]>([
    [
      'a number of the object',
      { op: 'replace', path: '', value: 5 },
      'json: cannot unmarshal number into Go value of ConfigMap',
    ],
    [
      'a text of its labels',
      { op: 'add', path: '/metadata/labels', value: 'x' },
      'json: cannot unmarshal string into Go struct field',
    ],
    [
      'a number of a value',
      { op: 'add', path: '/data/y', value: 5 },
      'json: cannot unmarshal number into Go struct field',
    ],
  ])('a patch that makes %s is refused', (_, operation, why) => {
    const patch = encodeBase64(JSON.stringify([operation]))
    const world = worldWith('Mutating', () => ({ allowed: true, patchType: 'JSONPatch', patch }))
    expect(refusalOf(create(world))).toContain(why)
  })

  test('a patch that takes the metadata away leaves an object with its name', () => {
    const patch = encodeBase64(JSON.stringify([{ op: 'remove', path: '/metadata' }]))
    const world = worldWith('Mutating', () => ({ allowed: true, patchType: 'JSONPatch', patch }))
    expect(create(world)).toMatchObject({ ok: true, object: { metadata: { name: 'a' } } })
  })
})
