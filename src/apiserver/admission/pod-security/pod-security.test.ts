import { describe, expect, test } from 'vitest'
import { Deployments, Namespaces, Pods } from '../../../api/index.ts'
import { deployment, pod, refusalOf, type World, worldWithAccount } from '../../world.testing.ts'

function label(world: World, labels: Record<string, string>) {
  const prefixed = Object.fromEntries(
    Object.entries(labels).map(([mode, level]) => [`pod-security.kubernetes.io/${mode}`, level]),
  )
  return world.ask(
    'patch',
    Namespaces,
    '/default',
    { metadata: { labels: prefixed } },
    { patchType: 'merge' },
  )
}

function create(labels: Record<string, string>, spec: object) {
  const world = worldWithAccount()
  world.must(label(world, labels))
  world.settle()
  return world.ask('create', Pods, 'default/', pod('a', { spec }))
}

const container = (securityContext: object) => ({
  containers: [{ name: 'nginx', image: 'nginx', securityContext }],
})
const STRICT = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  runAsNonRoot: true,
  seccompProfile: { type: 'RuntimeDefault' },
}

describe('enforced', () => {
  test.each([
    [
      'restricted',
      container({}),
      'restricted:latest": allowPrivilegeEscalation != false (container "nginx" must set securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (container "nginx" must set securityContext.capabilities.drop=["ALL"]), runAsNonRoot != true (pod or container "nginx" must set securityContext.runAsNonRoot=true), seccompProfile (pod or container "nginx" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")',
    ],
    [
      'baseline',
      { ...container({ privileged: true }), hostNetwork: true },
      'baseline:latest": host namespaces (hostNetwork=true), privileged (container "nginx" must not set securityContext.privileged=true)',
    ],
    [
      'baseline',
      { ...container({}), volumes: [{ name: 'v', hostPath: { path: '/' } }] },
      'baseline:latest": hostPath volumes (volume "v")',
    ],
    [
      'restricted',
      { ...container(STRICT), volumes: [{ name: 'v', nfs: { server: 's', path: '/' } }] },
      'restricted:latest": restricted volume types (volume "v" uses restricted volume type "nfs")',
    ],
    [
      'baseline',
      container({ capabilities: { add: ['SYS_ADMIN', 'CHOWN'] } }),
      'baseline:latest": non-default capabilities (container "nginx" must not include "SYS_ADMIN" in securityContext.capabilities.add)',
    ],
    [
      'restricted',
      container({ ...STRICT, runAsNonRoot: false, runAsUser: 0 }),
      'restricted:latest": runAsNonRoot != true (container "nginx" must not set securityContext.runAsNonRoot=false), runAsUser=0 (container "nginx" must not set runAsUser=0)',
    ],
  ])('%s forbids %j', (enforce, spec, why) => {
    expect(refusalOf(create({ enforce }, spec))).toBe(
      `403 Forbidden: pods "a" is forbidden: violates PodSecurity "${why}`,
    )
  })

  test('lets a restricted pod be', () => {
    expect(create({ enforce: 'restricted' }, container(STRICT)).ok).toBe(true)
  })
})

test('warns of pods and of templates', () => {
  expect(
    create({ warn: 'baseline', 'warn-version': 'v1.30' }, { ...container({}), hostPID: true }),
  ).toMatchObject({
    ok: true,
    warnings: ['would violate PodSecurity "baseline:v1.30": host namespaces (hostPID=true)'],
  })
  const world = worldWithAccount()
  world.must(label(world, { warn: 'restricted' }))
  world.settle()
  const result = world.ask('create', Deployments, 'default/', deployment('web', 1))
  expect(result.warnings?.[0]).toContain(
    'would violate PodSecurity "restricted:latest": allowPrivilegeEscalation',
  )
})

describe('a namespace', () => {
  test('says which of its pods would not come in any more', () => {
    const world = worldWithAccount()
    for (const name of ['b', 'a']) world.create(Pods, pod(name, { spec: { hostIPC: true } }))
    world.settle()
    expect(label(world, { enforce: 'baseline' }).warnings).toEqual([
      'existing pods in namespace "default" violate the new PodSecurity enforce level "baseline:latest"',
      'a (and 1 other pod): host namespaces',
    ])
  })

  test('has levels that exist', () => {
    expect(refusalOf(label(worldWithAccount(), { enforce: 'strict' }))).toBe(
      '422 Invalid: Namespace "default" is invalid: metadata.labels[pod-security.kubernetes.io/enforce]: Invalid value: "strict": must be one of privileged, baseline, restricted',
    )
  })
})
