import { describe, expect, test } from 'vitest'
import {
  ConfigMaps,
  Deployments,
  Namespaces,
  ValidatingAdmissionPolicies,
  ValidatingAdmissionPolicyBindings,
} from '../../api/index.ts'
import { configMap, deployment, refusalOf, World } from '../world.testing.ts'

const GROUP = 'admissionregistration.k8s.io/v1'
const DEPLOYMENTS = {
  resourceRules: [
    {
      apiGroups: ['apps'],
      apiVersions: ['v1'],
      operations: ['CREATE', 'UPDATE'],
      resources: ['deployments'],
    },
  ],
}

function worldWith(policy: object, binding: object = {}, world = new World()): World {
  world.create(ValidatingAdmissionPolicies, {
    apiVersion: GROUP,
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name: 'p' },
    spec: { matchConstraints: DEPLOYMENTS, ...policy },
  })
  world.create(ValidatingAdmissionPolicyBindings, {
    apiVersion: GROUP,
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name: 'b' },
    spec: { policyName: 'p', validationActions: ['Deny'], ...binding },
  })
  world.settle()
  return world
}

const create = (world: World, replicas: number) =>
  world.ask('create', Deployments, 'default/', deployment('web', replicas))
const DENIED =
  "422 Invalid: deployments.apps \"web\" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: "

describe('a policy', () => {
  test.each([
    [
      { validations: [{ expression: 'object.spec.replicas <= 5' }] },
      'failed expression: object.spec.replicas <= 5',
    ],
    [{ validations: [{ expression: 'object.spec.replicas <= 5', message: 'too many' }] }, 'too many'],
    [
      {
        variables: [{ name: 'most', expression: '5' }],
        validations: [
          {
            expression: 'object.spec.replicas <= variables.most',
            messageExpression: "'at most ' + string(variables.most)",
          },
        ],
      },
      'at most 5',
    ],
    [
      { validations: [{ expression: 'object.spec.nothing == 1' }] },
      "expression 'object.spec.nothing == 1' resulted in error: no such key: nothing",
    ],
  ])('%j refuses', (policy, why) => {
    const world = worldWith(policy)
    expect(refusalOf(create(world, 6))).toBe(DENIED + why)
  })

  test('lets pass what holds, what fails on Ignore, and what its conditions or rules are not about', () => {
    const limit = { validations: [{ expression: 'object.spec.replicas <= 5' }] }
    expect(create(worldWith(limit), 5).ok).toBe(true)
    const broken = { failurePolicy: 'Ignore', validations: [{ expression: 'object.x.y' }] }
    expect(create(worldWith(broken), 6).ok).toBe(true)
    const conditions = [{ name: 'others', expression: "request.userInfo.username != 'kubernetes-admin'" }]
    expect(create(worldWith({ ...limit, matchConditions: conditions }), 6).ok).toBe(true)
    expect(worldWith(limit).ask('create', ConfigMaps, 'default/', configMap('a')).ok).toBe(true)
  })

  test('may warn only, and has reasons', () => {
    const limit = { validations: [{ expression: 'false', reason: 'Forbidden' }] }
    expect(create(worldWith(limit, { validationActions: ['Warn', 'Audit'] }), 1)).toMatchObject({
      ok: true,
      warnings: [
        "Validation failed for ValidatingAdmissionPolicy 'p' with binding 'b': failed expression: false",
      ],
    })
    expect(create(worldWith(limit), 1)).toMatchObject({ code: 403, status: { reason: 'Forbidden' } })
  })

  test('is narrowed by its binding and fed with parameters', () => {
    const policy = {
      paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
      validations: [{ expression: 'object.spec.replicas <= int(params.data.most)' }],
    }
    const paramRef = { name: 'limits', namespace: 'default', parameterNotFoundAction: 'Deny' }
    const world = worldWith(policy, { paramRef })
    expect(refusalOf(create(world, 1))).toContain('no params found for policy binding')
    world.create(ConfigMaps, configMap('limits', { most: '3' }))
    world.settle()
    expect(refusalOf(create(world, 4))).toContain('failed expression')
    expect(create(world, 3).ok).toBe(true)
    const limit = { validations: [{ expression: 'false' }] }
    const selector = { namespaceSelector: { matchLabels: { env: 'prod' } } }
    const narrow = worldWith(limit, { matchResources: selector })
    expect(create(narrow, 1).ok).toBe(true)
    const labels = { metadata: { labels: { env: 'prod' } } }
    narrow.must(narrow.ask('patch', Namespaces, '/default', labels, { patchType: 'merge' }))
    narrow.settle()
    expect(narrow.ask('create', Deployments, 'default/', deployment('two', 1)).ok).toBe(false)
  })

  test('sees what was there before', () => {
    const policy = {
      validations: [{ expression: 'oldObject == null || object.spec.replicas >= oldObject.spec.replicas' }],
    }
    const world = worldWith(policy)
    expect(create(world, 3).ok).toBe(true)
    const fewer = world.ask(
      'patch',
      Deployments,
      'default/web',
      { spec: { replicas: 1 } },
      { patchType: 'merge' },
    )
    expect(refusalOf(fewer)).toContain('denied request')
  })
})

test('a policy asks what whoever asks may do besides', () => {
  const expression =
    "authorizer.group('apps').resource('deployments').namespace(request.namespace).check('approve').allowed()"
  const rules = [{ expression: `${expression} && authorizer.requestResource.check('create').allowed()` }]
  expect(create(worldWith({ validations: rules }), 1).ok).toBe(true)
  const account = `authorizer.serviceAccount('default', 'nobody').path('/configz').check('get')`
  const asAccount = { validations: [{ expression: `!${account}.allowed()` }] }
  const strict = new World({ authorization: 'RBAC' })
  expect(create(worldWith(asAccount, {}, strict), 1)).toMatchObject({ ok: true })
  expect(refusalOf(create(worldWith(asAccount), 1))).toContain(DENIED)
})
