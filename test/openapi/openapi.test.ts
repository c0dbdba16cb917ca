import { describe, expect, test } from 'vitest'
import { customKinds, KINDS, Scheme } from '../../src/api/index.ts'
import { type Definitions, OpenApi } from '../../src/apiserver/index.ts'
import { DEFINITIONS, DEFINITIONS_HASH } from '../../src/server/openapi/definitions.generated.ts'

const definitions = JSON.parse(DEFINITIONS) as Definitions
const open = (scheme: Scheme) => new OpenApi({ scheme, definitions, definitionsHash: DEFINITIONS_HASH })
const api = open(new Scheme(KINDS))
// biome-ignore lint/suspicious/noExplicitAny: documents are read freely here
const document = (text: string | undefined): any => JSON.parse(text!)

describe('published definitions', () => {
  test('have every type that is referred to', () => {
    const missing = [...DEFINITIONS.matchAll(/"\$ref":"([^"]+)"/g)].filter(([, name]) => !definitions[name!])
    expect(missing.map(([, name]) => name)).toEqual([])
    expect(Object.keys(definitions).length).toBeGreaterThan(450)
  })

  test('say how lists are merged', () => {
    expect(definitions['io.k8s.api.core.v1.Container']!.properties!.ports).toMatchObject({
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['containerPort', 'protocol'],
      'x-kubernetes-patch-merge-key': 'containerPort',
      'x-kubernetes-patch-strategy': 'merge',
    })
  })

  test('describe every built-in kind', () => {
    const described = new Set(
      Object.values(definitions).flatMap(({ 'x-kubernetes-group-version-kind': of }) =>
        ((of ?? []) as { group: string; version: string; kind: string }[]).map(
          ({ group, version, kind }) => `${group}/${version}/${kind}`,
        ),
      ),
    )
    // metrics-server describes its kinds itself.
    const own = KINDS.filter(({ group }) => group !== 'metrics.k8s.io')
    const missing = own.map(kind => `${kind.group}/${kind.version}/${kind.kind}`)
    expect(missing.filter(name => !described.has(name))).toEqual([])
  })
})

describe('version 3', () => {
  test('has a document a group version, with a hash in its link', () => {
    const { paths } = document(api.v3Index())
    expect(paths['apis/apps/v1'].serverRelativeURL).toMatch(
      /^\/openapi\/v3\/apis\/apps\/v1\?hash=[0-9A-F]{32}$/,
    )
    expect(api.v3('nothing/v1')).toBeUndefined()
  })

  test('operations name the kind and take dryRun and fieldValidation', () => {
    const { paths } = document(api.v3('apps/v1'))
    const { patch } = paths['/apis/apps/v1/namespaces/{namespace}/deployments/{name}']
    expect(patch['x-kubernetes-group-version-kind']).toEqual({
      group: 'apps',
      kind: 'Deployment',
      version: 'v1',
    })
    const names = patch.parameters.map(({ name }: { name: string }) => name)
    expect(names).toEqual(expect.arrayContaining(['dryRun', 'fieldValidation', 'force']))
  })

  test('a reference that says something is wrapped', () => {
    const { components } = document(api.v3('apps/v1'))
    expect(components.schemas['io.k8s.api.apps.v1.Deployment'].properties.spec).toEqual({
      description: 'Specification of the desired behavior of the Deployment.',
      allOf: [{ $ref: '#/components/schemas/io.k8s.api.apps.v1.DeploymentSpec' }],
    })
  })
})

describe('version 2', () => {
  test('has all kinds, and only references it can follow', () => {
    const text = api.v2()
    const { definitions: found } = document(text)
    const names = [...text.matchAll(/"#\/definitions\/([^"]+)"/g)].map(([, name]) => name!)
    expect(names.filter(name => !found[name])).toEqual([])
    expect(found['io.k8s.api.core.v1.Pod']).toBeDefined()
  })

  test('is as long in protobuf as its texts at least', () => {
    const bytes = api.v2Protobuf()
    expect(new TextDecoder().decode(bytes.subarray(0, 30))).toContain('2.0')
    expect(bytes.length).toBeGreaterThan(500_000)
  })
})

describe('custom resources', () => {
  const crd = (description: string) => ({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'crontabs.stable.example.com' },
    spec: {
      group: 'stable.example.com',
      scope: 'Namespaced',
      names: { plural: 'crontabs', singular: 'crontab', kind: 'CronTab' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: {
            openAPIV3Schema: { type: 'object', properties: { size: { type: 'integer', description } } },
          },
        },
      ],
    },
    status: {},
  })

  test('contribute their schemas, and change with their definition', () => {
    const scheme = new Scheme(KINDS)
    const custom = open(scheme)
    const before = custom.v3Index()
    const make = (description: string) =>
      customKinds(crd(description) as never, (version, plural) => scheme.byResource(version, plural))
    for (const kind of make('How many.')) scheme.add(kind)
    const schema = () =>
      document(custom.v3('stable.example.com/v1')).components.schemas['com.example.stable.v1.CronTab']
    expect(custom.v3Index()).not.toBe(before)
    expect(schema().properties.size).toEqual({ type: 'integer', description: 'How many.' })
    make('How big.')
    expect(schema().properties.size.description).toBe('How big.')
    expect(document(custom.v2()).definitions['com.example.stable.v1.CronTab'].properties.metadata.$ref).toBe(
      '#/definitions/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta',
    )
  })
})
