import { describe, expect, test } from 'vitest'
import { compareVersions, defineKind, KINDS, Scheme } from '../../api/index.ts'
import { aggregatedDiscovery, apiGroup, apiGroups, apiResources } from './index.ts'

const scheme = new Scheme(KINDS)
const resource = (groupVersion: string, name: string) =>
  apiResources(scheme, groupVersion)?.resources.find(candidate => candidate.name === name)

describe('resources of a group version', () => {
  test('are listed by name, subresources after their resource', () => {
    const names = apiResources(scheme, 'apps/v1')!.resources.map(({ name }) => name)
    expect(names).toEqual([
      'controllerrevisions',
      'daemonsets',
      'daemonsets/status',
      'deployments',
      'deployments/scale',
      'deployments/status',
      'replicasets',
      'replicasets/scale',
      'replicasets/status',
      'statefulsets',
      'statefulsets/scale',
      'statefulsets/status',
    ])
  })

  test('have what a real server says of pods', () => {
    expect(resource('v1', 'pods')).toEqual({
      name: 'pods',
      singularName: 'pod',
      namespaced: true,
      kind: 'Pod',
      verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
      shortNames: ['po'],
      categories: ['all'],
      storageVersionHash: 'xPOwRZ+Yhw8=',
    })
  })

  test('name the type of a subresource where it is not the resource’s own', () => {
    expect(resource('apps/v1', 'deployments/scale')).toEqual({
      name: 'deployments/scale',
      singularName: '',
      namespaced: true,
      group: 'autoscaling',
      version: 'v1',
      kind: 'Scale',
      verbs: ['get', 'patch', 'update'],
    })
    expect(resource('v1', 'pods/eviction')).toMatchObject({
      group: 'policy',
      kind: 'Eviction',
      verbs: ['create'],
    })
    expect(resource('v1', 'pods/log')).toEqual({
      name: 'pods/log',
      singularName: '',
      namespaced: true,
      kind: 'Pod',
      verbs: ['get'],
    })
    expect(resource('v1', 'serviceaccounts/token')).toMatchObject({ kind: 'TokenRequest', verbs: ['create'] })
  })

  test('nothing is served where no kind is', () => {
    expect(apiResources(scheme, 'apps/v1beta1')).toBeUndefined()
    expect(apiGroup(scheme, 'example.com')).toBeUndefined()
  })
})

describe('groups', () => {
  test('come in the order of priority, without the core group', () => {
    const { groups } = apiGroups(scheme) as { groups: readonly { name: string }[] }
    expect(groups.find(({ name }) => name === 'apps')).toEqual({
      name: 'apps',
      versions: [{ groupVersion: 'apps/v1', version: 'v1' }],
      preferredVersion: { groupVersion: 'apps/v1', version: 'v1' },
    })
    expect(groups.map(({ name }) => name)).not.toContain('')
  })

  test.each([
    [
      ['v1', 'v2'],
      ['v2', 'v1'],
    ],
    [
      ['v1beta1', 'v1', 'v1alpha1', 'v2alpha1'],
      ['v1', 'v1beta1', 'v2alpha1', 'v1alpha1'],
    ],
    [
      ['foo', 'v1', 'bar'],
      ['v1', 'bar', 'foo'],
    ],
    [
      ['v10', 'v9'],
      ['v10', 'v9'],
    ],
  ])('versions %j are preferred as %j', (versions, sorted) => {
    expect([...versions].sort(compareVersions)).toEqual(sorted)
  })
})

describe('aggregated discovery', () => {
  test('has core and the others apart', () => {
    const core = aggregatedDiscovery(scheme, 'v2', true) as { items: readonly { metadata: object }[] }
    expect(core.items).toHaveLength(1)
    expect(core.items[0]!.metadata).toEqual({ creationTimestamp: null })
    const others = aggregatedDiscovery(scheme, 'v2beta1', false) as {
      items: readonly { metadata: { name?: string } }[]
    }
    expect(others).toMatchObject({ apiVersion: 'apidiscovery.k8s.io/v2beta1' })
    expect(others.items.find(({ metadata }) => metadata.name === 'apps')).toMatchObject({
      metadata: { name: 'apps' },
      versions: [{ version: 'v1', freshness: 'Current' }],
    })
  })

  test('lists a custom resource as soon as it is defined', () => {
    const custom = new Scheme(KINDS)
    custom.add(
      defineKind({
        group: 'example.com',
        version: 'v1',
        kind: 'Crontab',
        plural: 'crontabs',
        singular: 'crontab',
        shortNames: ['ct'],
        isNamespaced: true,
        hasStatus: true,
        definedBy: { apiVersion: 'v1', kind: 'CustomResourceDefinition', metadata: {} } as never,
      }),
    )
    const found = aggregatedDiscovery(custom, 'v2', false) as { items: readonly object[] }
    // Before what is aggregated.
    expect(found.items.at(-2)).toEqual({
      metadata: { name: 'example.com', creationTimestamp: null },
      versions: [
        {
          version: 'v1',
          freshness: 'Current',
          resources: [
            {
              resource: 'crontabs',
              responseKind: { group: 'example.com', version: 'v1', kind: 'Crontab' },
              scope: 'Namespaced',
              singularResource: 'crontab',
              verbs: ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'],
              shortNames: ['ct'],
              subresources: [
                {
                  subresource: 'status',
                  responseKind: { group: 'example.com', version: 'v1', kind: 'Crontab' },
                  verbs: ['get', 'patch', 'update'],
                },
              ],
            },
          ],
        },
      ],
    })
  })
})
