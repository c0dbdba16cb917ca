/** Server-side apply and managed fields through the server's door. */
import { expect, test } from 'vitest'
import { Deployments, type KubeObject } from '../api/index.ts'
import type { ApiResult, RequestOptions } from '../client/index.ts'
import { deployment, refusalOf, World } from './world.testing.ts'

const APPLY = { patchType: 'apply', isFromWire: true } as const

function applied(
  world: World,
  object: object,
  options: RequestOptions & { isFromWire?: boolean } = {},
): ApiResult {
  return world.ask('patch', Deployments, 'default/web', object, { ...APPLY, fieldManager: 'one', ...options })
}

function managers(result: ApiResult): string[] {
  if (!result.ok) throw new Error(result.status.message)
  const entries = result.object.metadata.managedFields ?? []
  return entries.map(({ manager, operation, subresource }) =>
    `${operation} ${manager} ${subresource ?? ''}`.trim(),
  )
}

test('an apply of what is not there creates it', () => {
  const world = new World()
  const result = applied(world, deployment('web', 2))
  expect(result.code).toBe(201)
  expect(managers(result)).toEqual(['Apply one'])
  const again = applied(world, deployment('web', 2))
  expect(again.code).toBe(200)
  expect(again.ok && again.object.metadata.resourceVersion).toBe(
    result.ok && result.object.metadata.resourceVersion,
  )
})

test('a conflict names who has the field', () => {
  const world = new World()
  world.must(
    world.ask('create', Deployments, 'default/', deployment('web', 1), {
      isFromWire: true,
      fieldManager: 'kubectl-client-side-apply',
    }),
  )
  const refused = applied(world, deployment('web', 3))
  expect(refusalOf(refused)).toBe(
    '409 Conflict: Apply failed with 1 conflict: conflict with "kubectl-client-side-apply" using apps/v1: .spec.replicas',
  )
  expect(!refused.ok && refused.status.details).toEqual({
    causes: [
      {
        reason: 'FieldManagerConflict',
        message: 'conflict with "kubectl-client-side-apply" using apps/v1',
        field: '.spec.replicas',
      },
    ],
  })
  const forced = applied(world, deployment('web', 3), { force: true })
  expect(managers(forced)).toEqual(['Apply one', 'Update kubectl-client-side-apply'])
})

test('status writes and scale have entries of their own', () => {
  const world = new World({ managedFields: 'all' })
  const made = world.must<KubeObject>(applied(world, deployment('web', 1)))
  world.settle()
  world.ask(
    'update',
    Deployments,
    'default/web#status',
    { ...made, status: { replicas: 1 } },
    { fieldManager: 'c' },
  )
  const body = { spec: { replicas: 5 } }
  world.ask('patch', Deployments, 'default/web#scale', body, { patchType: 'merge', fieldManager: 'kubectl' })
  const result = world.ask('get', Deployments, 'default/web')
  expect(managers(result)).toEqual(['Apply one', 'Update c status', 'Update kubectl scale'])
})

test("a component's status writes are not tracked in process, a client's are", () => {
  const world = new World()
  const made = world.must<KubeObject>(applied(world, deployment('web', 1)))
  world.settle()
  const body = { ...made, status: { replicas: 1 } }
  world.ask('update', Deployments, 'default/web#status', body, { fieldManager: 'c' })
  expect(managers(world.ask('get', Deployments, 'default/web'))).toEqual(['Apply one'])
  const patch = { status: { replicas: 2 } }
  world.ask('patch', Deployments, 'default/web#status', patch, {
    patchType: 'merge',
    fieldManager: 'd',
    isFromWire: true,
  })
  expect(managers(world.ask('get', Deployments, 'default/web'))).toEqual(['Apply one', 'Update d status'])
})

test('components are not tracked on objects of their own, unless all are to be', () => {
  const quiet = new World()
  expect(quiet.create(Deployments, deployment('web', 1)).metadata.managedFields).toBeUndefined()
  const watched = new World({ managedFields: 'all' })
  expect(watched.create(Deployments, deployment('web', 1)).metadata.managedFields).toHaveLength(1)
})

test('a dry run tells and does not do', () => {
  const world = new World()
  expect(applied(world, deployment('web', 1), { dryRun: true }).code).toBe(201)
  expect(world.ask('get', Deployments, 'default/web').code).toBe(404)
})

const bad: [string, object, string][] = [
  [
    'unknown fields',
    { ...deployment('web', 1), spec: { foo: 1 } },
    '500 : failed to create typed patch object (default/web; apps/v1, Kind=Deployment): .spec.foo: field not declared in schema',
  ],
  [
    'another version',
    { ...deployment('web', 1), apiVersion: 'apps/v2' },
    '400 BadRequest: Incorrect version specified in apply patch. Specified patch version: apps/v2, expected: apps/v1',
  ],
  [
    'managedFields',
    { ...deployment('web', 1), metadata: { name: 'web', managedFields: [] } },
    '400 BadRequest: metadata.managedFields must be nil',
  ],
]
test.each(bad)('an apply with %s is refused', (_, object, message) => {
  expect(refusalOf(applied(new World(), object))).toBe(message)
})
