import { describe, expect, test } from 'vitest'
import {
  type AnyKind,
  Deployments,
  Nodes,
  Pods,
  ServiceAccounts,
  Services,
  ValidatingAdmissionPolicies,
  ValidatingAdmissionPolicyBindings,
} from '../api/index.ts'
import { deployment, pod, refusalOf, serviceAccount, World } from './world.testing.ts'

/** A world whose policy refuses what the expression does not hold for. */
function worldWith(resource: string, operation: string, expression: string): World {
  const world = new World()
  world.create(ServiceAccounts, serviceAccount())
  const [group, plural] = resource.endsWith('scale') ? ['apps', resource] : ['', resource]
  const rule = { apiGroups: [group], apiVersions: ['v1'], operations: [operation], resources: [plural] }
  world.create(ValidatingAdmissionPolicies, {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name: 'p' },
    spec: { matchConstraints: { resourceRules: [rule] }, validations: [{ expression, message: 'not so' }] },
  })
  world.create(ValidatingAdmissionPolicyBindings, {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name: 'b' },
    spec: { policyName: 'p', validationActions: ['Deny'] },
  })
  world.settle()
  return world
}

const DENIED = "ValidatingAdmissionPolicy 'p' with binding 'b' denied request: not so"

describe('a policy', () => {
  test('has a say in evictions, of which it sees the Eviction', () => {
    const world = worldWith(
      'pods/eviction',
      'CREATE',
      'object.metadata.name != "a" && request.kind.kind == "Eviction"',
    )
    const evict = (name: string) => {
      const body = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace: 'default' } }
      return world.ask('create', Pods, `default/${name}#eviction`, body)
    }
    for (const name of ['a', 'b']) world.create(Pods, pod(name))
    expect(refusalOf(evict('a'))).toContain(DENIED)
    expect(evict('b').ok).toBe(true)
  })

  test('has a say in bindings', () => {
    const world = worldWith('pods/binding', 'CREATE', 'object.target.name != "forbidden"')
    world.create(Pods, pod('a'))
    const bind = (node: string) => {
      const body = { apiVersion: 'v1', kind: 'Binding', metadata: { name: 'a' }, target: { name: node } }
      return world.ask('create', Pods, 'default/a#binding', body)
    }
    expect(refusalOf(bind('forbidden'))).toContain(DENIED)
    expect(bind('node-1').ok).toBe(true)
  })

  test('sees the Scale that was and the one that is wanted', () => {
    const world = worldWith('*/scale', 'UPDATE', 'object.spec.replicas <= oldObject.spec.replicas * 2')
    world.create(Deployments, deployment('web', 2))
    const scale = (replicas: number) =>
      world.ask('patch', Deployments, 'default/web#scale', { spec: { replicas } }, { patchType: 'merge' })
    expect(refusalOf(scale(5))).toContain(DENIED)
    expect(scale(4)).toMatchObject({ ok: true, object: { spec: { replicas: 4 } } })
  })

  test('has a say in commands in containers', () => {
    const world = worldWith(
      'pods/exec',
      'CONNECT',
      'request.operation != "CONNECT" || !object.command.exists(c, c == "rm")',
    )
    world.create(Pods, pod('a'))
    const exec = (...command: string[]) => world.ask('create', Pods, 'default/a#exec', { command })
    expect(refusalOf(exec('rm', '-rf', '/'))).toContain(DENIED)
    expect(exec('ls').ok).toBe(true)
    expect(world.server.admitsConnections('pods', 'exec')).toBe(true)
    expect(new World().server.admitsConnections('pods', 'exec')).toBe(false)
  })

  test.each(['get', 'create', 'update', 'patch', 'delete'] as const)(
    'has a say in what is proxied to by %s',
    verb => {
      const world = worldWith(
        '*/proxy',
        'CONNECT',
        'object.kind == "ServiceProxyOptions" && object.path == "/healthz"',
      )
      const reach = (kind: AnyKind, path: string) =>
        world.ask(verb, kind, `${kind.isNamespaced ? 'default' : ''}/web:80#proxy`, { path })
      for (const kind of [Pods, Nodes, Services]) expect(refusalOf(reach(kind, '/x'))).toContain(DENIED)
      expect(reach(Services, '/healthz')).toMatchObject({ ok: true, code: 200 })
    },
  )
})
