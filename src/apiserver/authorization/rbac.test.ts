import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type PolicyRule,
  RoleBindings,
  Roles,
  SelfSubjectRulesReviews,
  SubjectAccessReviews,
} from '../../api/index.ts'
import type { UserInfo } from '../../client/index.ts'
import { refusalOf, World } from '../world.testing.ts'
import type { AccessAttributes } from './authorizer.ts'
import { ruleAllows, rulesAllow } from './rules.ts'

const ask = (verb: string, resource: string, more: Partial<AccessAttributes> = {}): AccessAttributes => ({
  verb,
  group: '',
  resource,
  subresource: '',
  namespace: 'default',
  name: '',
  ...more,
})
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

test.each<[what: string, rule: PolicyRule, attributes: AccessAttributes, isAllowed: boolean]>([
  ['what is named', rule('get,list', '', 'pods'), ask('list', 'pods'), true],
  ['not another verb', rule('get', '', 'pods'), ask('list', 'pods'), false],
  ['not another group', rule('get', 'apps', 'pods'), ask('get', 'pods'), false],
  ['any verb, group and resource', rule('*', '*', '*'), ask('get', 'pods', { subresource: 'log' }), true],
  [
    'not a subresource of what is named',
    rule('get', '', 'pods'),
    ask('get', 'pods', { subresource: 'log' }),
    false,
  ],
  ['a subresource', rule('get', '', 'pods/log'), ask('get', 'pods', { subresource: 'log' }), true],
  ['not the resource of a subresource', rule('get', '', 'pods/log'), ask('get', 'pods'), false],
  [
    'a subresource of anything',
    rule('get', '*', '*/scale'),
    ask('get', 'things', { group: 'x.io', subresource: 'scale' }),
    true,
  ],
  [
    'not another subresource of anything',
    rule('get', '*', '*/scale'),
    ask('get', 'things', { subresource: 'status' }),
    false,
  ],
  ['one by name', rule('get', '', 'pods', { resourceNames: ['a'] }), ask('get', 'pods', { name: 'a' }), true],
  [
    'not another by name',
    rule('get', '', 'pods', { resourceNames: ['a'] }),
    ask('get', 'pods', { name: 'b' }),
    false,
  ],
  ['not all by name', rule('list', '', 'pods', { resourceNames: ['a'] }), ask('list', 'pods'), false],
  ['a path', { verbs: ['get'], nonResourceURLs: ['/healthz'] }, ask('get', '', { path: '/healthz' }), true],
  ['paths below', { verbs: ['get'], nonResourceURLs: ['/api/*'] }, ask('get', '', { path: '/api/v1' }), true],
  [
    'not the path above',
    { verbs: ['get'], nonResourceURLs: ['/api/*'] },
    ask('get', '', { path: '/api' }),
    false,
  ],
  ['no path by a rule about resources', rule('*', '*', '*'), ask('get', '', { path: '/api' }), false],
])('a rule covers %s', (_what, given, attributes, isAllowed) => {
  expect(ruleAllows(given, attributes)).toBe(isAllowed)
})

const words = (...all: string[]) => fc.subarray(all, { minLength: 1 })
const anyRule = fc.record({
  verbs: words('get', 'list', '*'),
  apiGroups: words('', 'apps', '*'),
  resources: words('pods', 'pods/log', '*/log', '*'),
  resourceNames: fc.option(words('a', 'b'), { nil: undefined }),
})
const anyQuestion = fc.record({
  verb: fc.constantFrom('get', 'list', 'watch'),
  group: fc.constantFrom('', 'apps', 'batch'),
  resource: fc.constantFrom('pods', 'jobs'),
  subresource: fc.constantFrom('', 'log', 'status'),
  namespace: fc.constant(''),
  name: fc.constantFrom('', 'a', 'c'),
})

/** Everything a rule covers, written out. */
function written({ verbs, apiGroups = [], resources = [], resourceNames }: PolicyRule): Set<string> {
  const found = new Set<string>()
  const spread = (list: readonly string[], all: readonly string[]) =>
    all.filter(one => list.includes('*') || list.includes(one))
  for (const verb of spread(verbs, ['get', 'list', 'watch']))
    for (const group of spread(apiGroups, ['', 'apps', 'batch']))
      for (const resource of ['pods', 'jobs'])
        for (const subresource of ['', 'log', 'status'])
          for (const name of resourceNames ?? ['', 'a', 'c']) {
            const whole = subresource ? `${resource}/${subresource}` : resource
            const isNamed = resources.includes('*') || resources.includes(whole)
            if (isNamed || (subresource === 'log' && resources.includes('*/log')))
              found.add([verb, group, whole, name].join(' '))
          }
  return found
}

test('rules allow what they cover when written out, and nothing else', () => {
  const property = fc.property(fc.array(anyRule, { maxLength: 4 }), anyQuestion, (rules, question) => {
    const { verb, group, resource, subresource, name } = question
    const line = [verb, group, subresource ? `${resource}/${subresource}` : resource, name].join(' ')
    expect(rulesAllow(rules, question)).toBe(rules.some(one => written(one).has(line)))
  })
  fc.assert(property, { seed: 7, numRuns: 500 })
})

describe('a server with RBAC', () => {
  const anna: UserInfo = { name: 'anna', groups: ['system:authenticated'] }
  const world = () => {
    const made = new World({ authorization: 'RBAC' })
    made.sim.advance(200)
    return made
  }
  const reader = { metadata: { name: 'reader', namespace: 'default' }, rules: [rule('get,list', '', 'pods')] }
  const binding = {
    metadata: { name: 'anna-reads', namespace: 'default' },
    subjects: [{ kind: 'User', name: 'anna' }],
    roleRef: { kind: 'Role', name: 'reader' },
  }
  const review = (made: World, spec: object) => {
    const answer = made.ask<{ status: object } & never>('create', SubjectAccessReviews, '/', {
      metadata: {},
      spec,
    })
    return (made.must(answer) as unknown as { status: object }).status
  }

  test('refuses in the words of Kubernetes, and allows once a role is bound', () => {
    const made = world()
    const attributes = ask('list', 'pods')
    expect(made.server.authorize(anna, attributes)?.message).toBe(
      'pods is forbidden: User "anna" cannot list resource "pods" in API group "" in the namespace "default"',
    )
    made.create(Roles, reader)
    made.create(RoleBindings, binding)
    made.settle()
    expect(made.server.authorize(anna, attributes)).toBeUndefined()
    expect(made.server.authorize(anna, { ...attributes, namespace: 'kube-system' })?.code).toBe(403)
    expect(made.server.authorize(anna, ask('get', '', { path: '/metrics' }))?.message).toBe(
      'forbidden: User "anna" cannot get path "/metrics"',
    )
  })

  test('says why in a review', () => {
    const made = world()
    made.create(RoleBindings, binding)
    made.settle()
    const resourceAttributes = { verb: 'get', resource: 'pods', namespace: 'default' }
    expect(review(made, { user: 'anna', resourceAttributes })).toEqual({
      allowed: false,
      reason: 'RBAC: role.rbac.authorization.k8s.io "reader" not found',
    })
    made.create(Roles, reader)
    made.settle()
    expect(review(made, { user: 'anna', resourceAttributes })).toEqual({
      allowed: true,
      reason: 'RBAC: allowed by RoleBinding "anna-reads/default" of Role "reader" to User "anna"',
    })
    const nothing = made.ask('create', SubjectAccessReviews, '/', { metadata: {}, spec: { user: 'anna' } })
    expect(refusalOf(nothing)).toContain(
      'exactly one of nonResourceAttributes or resourceAttributes must be specified',
    )
  })

  test.each([
    ['system:kube-scheduler', 'create', 'pods', 'binding', true],
    ['system:kube-scheduler', 'create', 'pods', '', false],
    ['system:serviceaccount:kube-system:job-controller', 'create', 'pods', '', true],
    ['system:kube-controller-manager', 'watch', 'anything', '', true],
    ['system:anonymous', 'list', 'pods', '', false],
  ])('%s may %s %s/%s: %s', (name, verb, resource, subresource, isAllowed) => {
    const made = world()
    const refused = made.server.authorize({ name, groups: [] }, ask(verb, resource, { subresource }))
    expect(refused === undefined).toBe(isAllowed)
  })

  test('a kubelet reads what its pods need, of nobody else', () => {
    const made = world()
    const node: UserInfo = { name: 'system:node:n1', groups: ['system:nodes', 'system:authenticated'] }
    const message = (attributes: AccessAttributes) => made.server.authorize(node, attributes)?.message
    expect(message(ask('get', 'secrets', { name: 's' }))).toContain(
      "no relationship found between node 'n1' and this object",
    )
    expect(message(ask('list', 'pods', { fieldSelector: 'spec.nodeName=n1' }))).toBeUndefined()
    expect(message(ask('list', 'pods'))).toContain(
      'can only list/watch pods with spec.nodeName field selector',
    )
    expect(message(ask('get', 'nodes', { name: 'n2', namespace: '' }))).toContain(
      "node 'n1' cannot read 'n2'",
    )
  })

  test('lists what one may do', () => {
    const made = world()
    const asked = made.ask('create', SelfSubjectRulesReviews, '/', {
      metadata: {},
      spec: { namespace: 'default' },
    })
    const { status } = made.must(asked) as unknown as {
      status: { resourceRules: object[]; incomplete: boolean }
    }
    expect(status.incomplete).toBe(false)
    expect(status.resourceRules).toContainEqual({ verbs: ['*'], apiGroups: ['*'], resources: ['*'] })
  })
})
