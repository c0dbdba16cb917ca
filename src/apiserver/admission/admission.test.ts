import { describe, expect, test } from 'vitest'
import {
  ConfigMaps,
  type Deployment,
  Deployments,
  Namespaces,
  type Pod,
  Pods,
  ServiceAccounts,
} from '../../api/index.ts'
import {
  configMap,
  deployment,
  pod,
  refusalOf,
  serviceAccount,
  World,
  worldWithAccount,
} from '../world.testing.ts'

describe('NamespaceLifecycle', () => {
  test('refuses what is to live nowhere', () => {
    const result = new World().ask('create', ConfigMaps, 'shop/', configMap('a', {}, 'shop'))
    expect(refusalOf(result)).toBe('404 NotFound: namespaces "shop" not found')
  })

  test('sees a namespace that was created a moment ago', () => {
    const world = new World()
    world.create(Namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } })
    expect(world.ask('create', ConfigMaps, 'shop/', configMap('a', {}, 'shop')).ok).toBe(true)
  })

  test('refuses what is to live where all is being cleared', () => {
    const world = new World()
    world.create(Namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } })
    world.ask('delete', Namespaces, 'shop')
    world.settle()
    const result = world.ask('create', ConfigMaps, 'shop/', configMap('a', {}, 'shop'))
    expect(refusalOf(result)).toBe(
      '403 Forbidden: configmaps "a" is forbidden: unable to create new content in namespace shop because it is being terminated',
    )
    expect(result).toMatchObject({ status: { details: { causes: [{ reason: 'NamespaceTerminating' }] } } })
  })

  test.each(['default', 'kube-system', 'kube-public'])('does not let go of %s', name => {
    expect(refusalOf(new World().ask('delete', Namespaces, name))).toBe(
      `403 Forbidden: namespaces "${name}" is forbidden: this namespace may not be deleted`,
    )
  })
})

describe('DefaultTolerationSeconds', () => {
  const seconds = (spec: object) => {
    const stored = worldWithAccount().create<Pod>(Pods, pod('a', { spec }))
    return stored.spec.tolerations?.map(t => `${t.key} ${t.tolerationSeconds ?? 'for ever'}`)
  }
  const [notReady, unreachable] = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']

  test.each([
    [undefined, [`${notReady} 300`, `${unreachable} 300`]],
    [[], [`${notReady} 300`, `${unreachable} 300`]],
    [
      [{ key: notReady, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 5 }],
      [`${notReady} 5`, `${unreachable} 300`],
    ],
    [[{ operator: 'Exists' }], ['undefined for ever']],
    [
      [{ key: notReady, operator: 'Exists', effect: 'NoSchedule' }],
      [`${notReady} for ever`, `${notReady} 300`, `${unreachable} 300`],
    ],
  ])('to %j', (tolerations, expected) => {
    expect(seconds(tolerations ? { tolerations } : {})).toEqual(expected)
  })
})

describe('ServiceAccount', () => {
  test('gives a pod the default account and its token', () => {
    const { spec } = worldWithAccount().create<Pod>(Pods, pod('a'))
    expect([spec.serviceAccountName, spec.serviceAccount]).toEqual(['default', 'default'])
    const name = spec.volumes?.[0]?.name
    expect(name).toMatch(/^kube-api-access-[a-z0-9]{5}$/)
    expect(spec.volumes).toHaveLength(1)
    expect(spec.containers[0]?.volumeMounts).toEqual([
      { name, readOnly: true, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' },
    ])
    expect(spec.volumes?.[0]?.projected?.sources?.map(source => Object.keys(source))).toEqual([
      ['serviceAccountToken'],
      ['configMap'],
      ['downwardAPI'],
    ])
  })

  test('gives all pods of one template one spec', () => {
    const world = worldWithAccount()
    const { spec } = world.create<Deployment>(Deployments, deployment('web', 2))
    const [a, b] = ['a', 'b'].map(name => world.create<Pod>(Pods, { ...pod(name), spec: spec.template.spec }))
    expect(a!.spec.volumes?.[0]?.projected).toBeDefined()
    expect(a!.spec.tolerations).toHaveLength(2)
    expect(a!.spec).toBe(b!.spec)
  })

  test('mounts nothing where the account or the pod does not want it', () => {
    const world = worldWithAccount()
    world.create(ServiceAccounts, { ...serviceAccount('quiet'), automountServiceAccountToken: false })
    world.settle()
    const quiet = world.create<Pod>(Pods, pod('a', { spec: { serviceAccountName: 'quiet' } }))
    const own = world.create<Pod>(Pods, pod('b', { spec: { automountServiceAccountToken: false } }))
    expect([quiet.spec.volumes ?? [], own.spec.volumes ?? []]).toEqual([[], []])
  })

  test('leaves a container alone that has something of its own there', () => {
    const mount = { name: 'own', mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' }
    const spec = {
      containers: [{ name: 'web', image: 'nginx', volumeMounts: [mount] }],
      volumes: [{ name: 'own', emptyDir: {} }],
    }
    const stored = worldWithAccount().create<Pod>(Pods, pod('a', { spec }))
    expect(stored.spec.volumes).toHaveLength(1)
  })

  test('leaves it to validation to refuse a pod that is none', () => {
    const none = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', namespace: 'default' } }
    expect(refusalOf(worldWithAccount().ask('create', Pods, 'default/', none))).toContain('422 Invalid')
  })

  test('refuses a pod whose account is not there', () => {
    const result = worldWithAccount().ask(
      'create',
      Pods,
      'default/',
      pod('a', { spec: { serviceAccountName: 'ghost' } }),
    )
    expect(refusalOf(result)).toBe(
      '403 Forbidden: pods "a" is forbidden: error looking up service account default/ghost: serviceaccount "ghost" not found',
    )
  })

  test('waits for the default account, which a controller makes', () => {
    const world = new World()
    const asked = world.send('create', Pods, 'default/', pod('a'))
    world.sim.advance(300)
    expect(asked.result).toBeUndefined()
    world.create(ServiceAccounts, serviceAccount())
    world.sim.advance(300)
    expect(asked.result?.ok).toBe(true)
  })

  test('but not for ever', () => {
    const world = new World()
    const { now } = world.sim
    const metadata = { name: undefined, generateName: 'web-' }
    expect(refusalOf(world.ask('create', Pods, 'default/', pod('', { metadata })))).toBe(
      '403 Forbidden: pods "web-" is forbidden: error looking up service account default/default: serviceaccount "default" not found',
    )
    expect(world.sim.now - now).toBeGreaterThan(900)
    expect(world.sim.now - now).toBeLessThan(2000)
  })
})
