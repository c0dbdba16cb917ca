import { describe, expect, test } from 'vitest'
import {
  type AnyKind,
  ClusterRoleBindings,
  ClusterRoles,
  ConfigMaps,
  encodeBase64,
  MutatingWebhookConfigurations,
  type PolicyRule,
  RoleBindings,
  Roles,
} from '../../api/index.ts'
import type { ApiRequest, ApiResult, UserInfo } from '../../client/index.ts'
import type { WebhookPort } from '../webhook-port.ts'
import { configMap, refusalOf, World } from '../world.testing.ts'
import { describeRules, uncovered } from './escalation.ts'

const rule = (
  verbs: string,
  groups: string,
  resources: string,
  more: Partial<PolicyRule> = {},
): PolicyRule => ({
  verbs: verbs.split(','),
  apiGroups: groups.split(','),
  resources: resources.split(','),
  ...more,
})

test.each<[what: string, held: PolicyRule[], wanted: PolicyRule[], left: string]>([
  ['what is held', [rule('get,list', '', 'pods')], [rule('list', '', 'pods')], ''],
  [
    'by two rules together',
    [rule('get', '', 'pods'), rule('list', '', 'pods')],
    [rule('get,list', '', 'pods')],
    '',
  ],
  [
    'a verb too many',
    [rule('get', '', 'pods')],
    [rule('get,delete,watch', '', 'pods')],
    '{APIGroups:[""], Resources:["pods"], Verbs:["delete" "watch"]}',
  ],
  ['everything', [rule('*', '*', '*')], [rule('get', 'apps', 'deployments/scale')], ''],
  ['any subresource of a name', [rule('get', '*', '*/scale')], [rule('get', 'x.io', 'things/scale')], ''],
  ['a rule without verbs', [], [{ apiGroups: [''], resources: ['pods'] } as unknown as PolicyRule], ''],
  [
    'all names where one is held',
    [rule('get', '', 'pods', { resourceNames: ['a'] })],
    [rule('get', '', 'pods')],
    '{APIGroups:[""], Resources:["pods"], Verbs:["get"]}',
  ],
  [
    'one name where all are held',
    [rule('get', '', 'pods')],
    [rule('get', '', 'pods', { resourceNames: ['a'] })],
    '',
  ],
  [
    'a path',
    [{ verbs: ['get'], nonResourceURLs: ['/healthz/*'] }],
    [{ verbs: ['get'], nonResourceURLs: ['/healthz/etcd', '/metrics'] }],
    '{NonResourceURLs:["/metrics"], Verbs:["get"]}',
  ],
])('%s', (_, held, wanted, left) => {
  expect(describeRules(uncovered(held, wanted))).toBe(left)
})

describe('a rule of some kilobytes that says more than a million million things', () => {
  const many = (count: number, what: string) => Array.from({ length: count }, (_, i) => `${what}${i}`)
  const huge: PolicyRule = {
    verbs: ['get', ...many(1000, 'verb')],
    apiGroups: many(1000, 'group'),
    resources: many(1000, 'resource'),
    resourceNames: many(1000, 'name'),
  }

  test('is covered by a rule that covers all of it', () => {
    expect(uncovered([rule('*', '*', '*')], [huge])).toEqual([])
  })

  test('is not covered by less, and what is missing is named up to a bound', () => {
    const left = uncovered([], [huge])
    expect(left.length).toBeGreaterThan(1000)
    expect(left.length).toBeLessThan(100_000)
    expect(left[0]).toEqual(rule('get', 'group0', 'resource0', { resourceNames: ['name0'] }))
    expect(describeRules(left)).toContain('{APIGroups:["group0"], Resources:["resource0"], ResourceNames:')
  })

  test('is not taken for covered because its end was never looked at', () => {
    const most = rule('*', many(1000, 'group').slice(0, -1).join(), '*')
    expect(uncovered([most], [huge])).toHaveLength(1)
  })
})

/** A webhook that makes a change. */
function patching(patch: string): WebhookPort {
  return {
    call(_, review, _timeoutMs, reply) {
      const { uid } = (review as { request: { uid: string } }).request
      const response = { uid, allowed: true, patchType: 'JSONPatch', patch }
      reply({ ok: true, body: { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response } })
    },
  }
}

const FOR_ROLES = {
  metadata: { name: 'w' },
  webhooks: [
    {
      name: 'w.example.com',
      clientConfig: { url: 'https://w.example.com/' },
      rules: [{ apiGroups: ['*'], apiVersions: ['*'], operations: ['CREATE'], resources: ['roles'] }],
      sideEffects: 'None',
      admissionReviewVersions: ['v1'],
    },
  ],
}

describe('a megabyte of rules', () => {
  const count = 10_000
  const each = (make: (n: number) => PolicyRule) => Array.from({ length: count }, (_, n) => make(n))
  const withinASecond = (held: PolicyRule[], wanted: PolicyRule[]) => {
    const startedMs = performance.now()
    const left = uncovered(held, wanted)
    expect(performance.now() - startedMs).toBeLessThan(1000)
    return left
  }

  test('is compared with as many in no time: by resources, by names, by paths, and the same ones', () => {
    const resources = (verbs: string) => each(n => rule(verbs, 'example.com', `things${n}`))
    const names = (verbs: string) => each(n => rule(verbs, '', 'pods', { resourceNames: [`pod-${n}`] }))
    const paths = (verbs: string) => each(n => ({ verbs: verbs.split(','), nonResourceURLs: [`/path/${n}`] }))
    for (const made of [resources, names, paths]) {
      expect(withinASecond(made('get,list,watch'), made('list'))).toEqual([])
      expect(withinASecond(made('get'), made('get,list'))).toHaveLength(count)
    }
    const same = each(n => rule(`verb${n}`, '', 'pods'))
    expect(withinASecond(same, [...same].reverse())).toEqual([])
  })

  test('that is not told apart by anything else is given up, as not held', () => {
    const held = each(n => rule(`verb${n},get`, '', 'pods'))
    const wanted = each(n => rule(`verb${n}`, '', 'pods'))
    const left = withinASecond(held, wanted)
    expect(left.length).toBeGreaterThan(0)
  })
})

describe('who is no administrator', () => {
  const anna: UserInfo = { name: 'anna', groups: ['devs', 'system:authenticated'] }

  /** A world where anna may write roles and bindings, and read pods, but nothing else. */
  function world(...more: readonly PolicyRule[]): World {
    return worldWith(undefined, ...more)
  }

  function worldWith(webhooks: WebhookPort | undefined, ...more: readonly PolicyRule[]): World {
    const made = new World({ authorization: 'RBAC', ...(webhooks && { webhooks }) })
    made.sim.advance(200)
    const rbac = 'rbac.authorization.k8s.io'
    made.create(ClusterRoles, {
      metadata: { name: 'anna' },
      rules: [
        rule('create,get,update,patch', rbac, 'roles,rolebindings,clusterroles,clusterrolebindings'),
        rule('get,list', '', 'pods'),
        rule('update,patch,get', '', 'configmaps'),
        ...more,
      ],
    })
    made.create(ClusterRoleBindings, {
      metadata: { name: 'anna' },
      subjects: [{ kind: 'User', name: 'anna' }],
      roleRef: { kind: 'ClusterRole', name: 'anna' },
    })
    made.settle()
    return made
  }

  function asAnna(
    made: World,
    request: Partial<ApiRequest> & { verb: ApiRequest['verb']; kind: AnyKind },
  ): ApiResult {
    let result: ApiResult | undefined
    const whole = { namespace: 'default', name: '', subresource: '', options: {}, ...request }
    made.server.request(anna, whole, given => {
      result = given
      made.sim.markChanged()
    })
    made.sim.runUntil(() => result !== undefined, 10_000)
    return result!
  }

  const role = (rules: readonly PolicyRule[]) => ({ metadata: { name: 'new', namespace: 'default' }, rules })
  const bound = (name: string) => ({
    metadata: { name: 'new', namespace: 'default' },
    subjects: [{ kind: 'User', name: 'bob' }],
    roleRef: { kind: 'ClusterRole', name },
  })

  test('grants what they have', () => {
    const made = world()
    const body = role([rule('get', '', 'pods')])
    expect(asAnna(made, { verb: 'create', kind: Roles, body }).code).toBe(201)
    expect(asAnna(made, { verb: 'create', kind: RoleBindings, body: bound('anna') }).code).toBe(201)
  })

  test('grants nothing else by a role', () => {
    const made = world()
    const body = role([rule('get,delete', '', 'pods,secrets')])
    expect(refusalOf(asAnna(made, { verb: 'create', kind: Roles, body }))).toBe(
      `403 Forbidden: roles.rbac.authorization.k8s.io "new" is forbidden: user "anna" (groups=["devs" "system:authenticated"]) is attempting to grant RBAC permissions not currently held:
{APIGroups:[""], Resources:["pods"], Verbs:["delete"]}
{APIGroups:[""], Resources:["secrets"], Verbs:["get" "delete"]}`,
    )
  })

  test('nor by changing one, in whatever way but what the garbage collector writes', () => {
    const made = world()
    made.create(Roles, role([rule('delete', '', 'pods')]))
    made.settle()
    const patch = (body: object) =>
      asAnna(made, { verb: 'patch', kind: Roles, name: 'new', body, options: { patchType: 'merge' } })
    expect(patch({ metadata: { finalizers: ['example.com/a'] } }).code).toBe(200)
    expect(patch({ metadata: { labels: { a: 'b' } } }).code).toBe(403)
    expect(refusalOf(patch({ rules: [rule('*', '*', '*')] }))).toContain(
      '{APIGroups:["*"], Resources:["*"], Verbs:["*"]}',
    )
  })

  test('nor by a binding, nor by a role that gathers others', () => {
    const made = world()
    expect(
      refusalOf(asAnna(made, { verb: 'create', kind: RoleBindings, body: bound('cluster-admin') })),
    ).toContain('rolebindings.rbac.authorization.k8s.io "new" is forbidden: user "anna"')
    expect(refusalOf(asAnna(made, { verb: 'create', kind: RoleBindings, body: bound('none') }))).toBe(
      '404 NotFound: clusterroles.rbac.authorization.k8s.io "none" not found',
    )
    const gathering = { metadata: { name: 'all' }, aggregationRule: { clusterRoleSelectors: [{}] } }
    expect(
      refusalOf(asAnna(made, { verb: 'create', kind: ClusterRoles, namespace: '', body: gathering })),
    ).toBe(
      '403 Forbidden: clusterroles.rbac.authorization.k8s.io "all" is forbidden: must have cluster-admin privileges to use the aggregationRule',
    )
  })

  test('unless they may escalate or bind', () => {
    const rbac = 'rbac.authorization.k8s.io'
    const made = world(
      rule('escalate', rbac, 'roles'),
      rule('bind', rbac, 'clusterroles', { resourceNames: ['view'] }),
    )
    const body = role([rule('*', '*', '*')])
    expect(asAnna(made, { verb: 'create', kind: Roles, body }).code).toBe(201)
    expect(asAnna(made, { verb: 'create', kind: RoleBindings, body: bound('view') }).code).toBe(201)
    expect(asAnna(made, { verb: 'create', kind: RoleBindings, body: bound('edit') }).code).toBe(403)
  })

  test('may escalate one role by its name, but not make it', () => {
    const rbac = 'rbac.authorization.k8s.io'
    const made = world(rule('escalate', rbac, 'roles', { resourceNames: ['new'] }))
    const body = role([rule('*', '*', '*')])
    expect(asAnna(made, { verb: 'create', kind: Roles, body }).code).toBe(403)
    made.create(Roles, role([]))
    made.settle()
    expect(asAnna(made, { verb: 'update', kind: Roles, name: 'new', body }).code).toBe(200)
  })

  test.each([
    ['update', {}],
    ['patch', { patchType: 'apply', fieldManager: 'anna' }],
  ] as const)('or make it by an %s, which names it', (verb, options) => {
    const rbac = 'rbac.authorization.k8s.io'
    const made = world(rule('escalate', rbac, 'roles', { resourceNames: ['new'] }))
    const body = { apiVersion: `${rbac}/v1`, kind: 'Role', ...role([rule('*', '*', '*')]) }
    expect(asAnna(made, { verb, kind: Roles, name: 'new', body, options }).code).toBe(201)
    const other = { ...body, metadata: { ...body.metadata, name: 'other' } }
    expect(asAnna(made, { verb, kind: Roles, name: 'other', body: other, options }).code).toBe(403)
  })

  test('is judged by what webhooks leave of it, whatever it was', () => {
    const patch = encodeBase64(JSON.stringify([{ op: 'remove', path: '/rules/0' }]))
    const made = worldWith(patching(patch))
    made.create(MutatingWebhookConfigurations, FOR_ROLES)
    made.settle()
    const body = role([rule('*', '*', '*'), rule('get', '', 'pods')])
    const result = asAnna(made, { verb: 'create', kind: Roles, body })
    expect(result).toMatchObject({ ok: true, object: { rules: [rule('get', '', 'pods')] } })
  })

  test('does not grant by way of a webhook either', () => {
    const patch = encodeBase64(JSON.stringify([{ op: 'add', path: '/rules/-', value: rule('*', '*', '*') }]))
    const made = worldWith(patching(patch))
    made.create(MutatingWebhookConfigurations, FOR_ROLES)
    made.settle()
    const body = role([rule('get', '', 'pods')])
    expect(refusalOf(asAnna(made, { verb: 'create', kind: Roles, body }))).toContain(
      '{APIGroups:["*"], Resources:["*"], Verbs:["*"]}',
    )
  })

  test('creates nothing by a write to what is not there, without the right to create', () => {
    const made = world()
    const body = { ...configMap('new'), apiVersion: 'v1', kind: 'ConfigMap' }
    const options = { patchType: 'apply', fieldManager: 'anna' } as const
    const kind = ConfigMaps
    expect(refusalOf(asAnna(made, { verb: 'patch', kind, name: 'new', body, options }))).toBe(
      '403 Forbidden: configmaps "new" is forbidden: User "anna" cannot create resource "configmaps" in API group "" in the namespace "default"',
    )
    const may = world(rule('create', '', 'configmaps'))
    expect(asAnna(may, { verb: 'patch', kind, name: 'new', body, options }).code).toBe(201)
  })
})
