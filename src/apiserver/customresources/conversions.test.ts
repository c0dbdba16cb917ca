import { describe, expect, test } from 'vitest'
import { type AnyKind, CustomResourceDefinitions, KINDS, type KubeObject, Scheme } from '../../api/index.ts'
import type { RequestOptions } from '../../client/index.ts'
import type { WebhookAnswer, WebhookPort } from '../webhook-port.ts'
import { refusalOf, World } from '../world.testing.ts'

interface Review {
  readonly request: {
    readonly uid: string
    readonly desiredAPIVersion: string
    readonly objects: readonly Endpoint[]
  }
}
/** v1 has `hostPort: host:port`, v2 has `host` and `port`. */
type Endpoint = KubeObject & { hostPort?: string; host?: string; port?: string }

const text = { type: 'string' }
const version = (name: string, storage: boolean, properties: object, more: object = {}) => ({
  name,
  served: true,
  storage,
  schema: { openAPIV3Schema: { type: 'object', properties, ...more } },
})
const V1 = { hostPort: { ...text, pattern: '^[a-z]+:[0-9]+$' } }
const V2 = { host: text, port: { ...text, maxLength: 4 }, note: { ...text, default: 'none' } }
const WEBHOOK = {
  strategy: 'Webhook',
  webhook: { clientConfig: { url: 'https://convert.example.com/x' }, conversionReviewVersions: ['v1'] },
}

const definition = (stored: 'v1' | 'v2', conversion: object = WEBHOOK) => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'ends.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { plural: 'ends', kind: 'End' },
    versions: [
      version('v1', stored === 'v1', V1),
      {
        ...version('v2', stored === 'v2', V2),
        selectableFields: [{ jsonPath: '.host' }],
      },
    ],
    conversion,
  },
})

function convert({ request: { uid, desiredAPIVersion, objects } }: Review): unknown {
  const convertedObjects = objects.map(({ hostPort, host, port, ...rest }) => {
    if (desiredAPIVersion.endsWith('/v1')) {
      return { ...rest, apiVersion: desiredAPIVersion, hostPort: `${host}:${port}` }
    }
    const [first, second] = hostPort!.split(':')
    return { ...rest, apiVersion: desiredAPIVersion, host: first, port: second }
  })
  const response = { uid, result: { status: 'Success' }, convertedObjects }
  return { apiVersion: 'apiextensions.k8s.io/v1', kind: 'ConversionReview', response }
}

class FakeWebhooks implements WebhookPort {
  readonly reviews: Review[] = []
  /** In the place of an answer. */
  failure: string | undefined
  /** Set when there is a loop to answer on. */
  later: (act: () => void) => void = act => act()

  call(_target: unknown, review: unknown, _timeoutMs: number, reply: (answer: WebhookAnswer) => void): void {
    this.reviews.push(structuredClone(review) as Review)
    const { failure } = this
    this.later(() =>
      reply(
        failure === undefined
          ? { ok: true, code: 200, body: convert(review as Review) }
          : { ok: false, message: failure },
      ),
    )
  }
}

function worldWith(stored: 'v1' | 'v2', conversion?: object) {
  const scheme = new Scheme(KINDS)
  const webhooks = new FakeWebhooks()
  const world = new World({ scheme, webhooks })
  const label = world.sim.label('test/webhook')
  webhooks.later = act => world.sim.root.schedule(20, label, act, undefined)
  world.create(CustomResourceDefinitions, definition(stored, conversion))
  world.sim.advance(100)
  const kind = (name: 'v1' | 'v2') => scheme.byResource(`example.com/${name}`, 'ends') as AnyKind
  const end = (name: 'v1' | 'v2', fields: object, metadata: object = {}) => ({
    apiVersion: `example.com/${name}`,
    kind: 'End',
    metadata: { name: 'a', namespace: 'default', ...metadata },
    ...fields,
  })
  const get = (name: 'v1' | 'v2') => world.must<Endpoint>(world.ask('get', kind(name), 'default/a'))
  const wire = (options: RequestOptions = {}) => ({ ...options, isFromWire: true })
  return { world, webhooks, kind, end, get, wire }
}

const FAILED =
  '500 : conversion webhook for example.com/v2, Kind=End failed: Post "https://convert.example.com/x?timeout=30s": EOF'

describe('a kind whose versions a webhook converts', () => {
  test('is written, read and listed in either version, and stored in one', () => {
    const { world, webhooks, kind, end, get } = worldWith('v2')
    const made = world.create<Endpoint>(kind('v1'), end('v1', { hostPort: 'db:80' }))
    expect(made).toMatchObject({ apiVersion: 'example.com/v1', hostPort: 'db:80' })
    expect(made).not.toHaveProperty('host')
    world.settle()
    expect(get('v2')).toMatchObject({
      host: 'db',
      port: '80',
      note: 'none',
      metadata: { uid: made.metadata.uid },
    })
    const list = world.must<{ items: Endpoint[]; kind: string }>(world.ask('list', kind('v1'), 'default/'))
    expect(list).toMatchObject({
      kind: 'EndList',
      apiVersion: 'example.com/v1',
      items: [{ hostPort: 'db:80' }],
    })
    const asked = webhooks.reviews.length
    expect(get('v1').hostPort).toBe('db:80')
    // What has been converted once is not asked for again.
    expect(webhooks.reviews.length).toBe(asked)
    const changed = world.must<Endpoint>(
      world.ask('patch', kind('v1'), 'default/a', { hostPort: 'cache:81' }, { patchType: 'merge' }),
    )
    expect(changed).toMatchObject({ hostPort: 'cache:81', metadata: { generation: 2 } })
    world.settle()
    expect(get('v2')).toMatchObject({ host: 'cache', port: '81', metadata: { generation: 2 } })
    expect(world.ask('delete', kind('v1'), 'default/a').ok).toBe(true)
    world.settle()
    expect(world.ask('get', kind('v2'), 'default/a').ok).toBe(false)
  })

  test('is judged by the schema of the version that is sent', () => {
    const { world, kind, end, wire } = worldWith('v2')
    const create = (name: 'v1' | 'v2', fields: object) =>
      world.ask('create', kind(name), 'default/', end(name, fields), wire())
    expect(refusalOf(create('v1', { hostPort: 'db' }))).toContain('hostPort: Invalid value: "db"')
    expect(refusalOf(create('v2', { host: 'db', port: '12345' }))).toContain('port: Too long')
    // Too long a port for v2; v1 has no opinion.
    expect(create('v1', { hostPort: 'db:12345' }).ok).toBe(true)
  })

  test('is watched in either version, in order', () => {
    const { world, kind, end } = worldWith('v2')
    const watches = { v1: world.watch(kind('v1'), 'default/'), v2: world.watch(kind('v2'), 'default/') }
    world.create(kind('v2'), end('v2', { host: 'db', port: '80' }))
    for (const port of ['81', '82', '83']) {
      world.must(world.ask('patch', kind('v2'), 'default/a', { port }, { patchType: 'merge' }))
    }
    world.must(world.ask('delete', kind('v2'), 'default/a'))
    world.sim.advance(500)
    const story = (name: 'v1' | 'v2') =>
      watches[name].events.map(({ type, object }) => {
        const { hostPort, port } = object as Endpoint
        return `${type} ${hostPort ?? port}`
      })
    expect(story('v1')).toEqual([
      'ADDED db:80',
      'MODIFIED db:81',
      'MODIFIED db:82',
      'MODIFIED db:83',
      'DELETED db:83',
    ])
    expect(story('v2')).toEqual(['ADDED 80', 'MODIFIED 81', 'MODIFIED 82', 'MODIFIED 83', 'DELETED 83'])
    expect(watches.v1.events.map(({ object }) => object.apiVersion)).toEqual(Array(5).fill('example.com/v1'))
  })

  test('cannot be read or changed in the other version while the webhook is away', () => {
    const { world, webhooks, kind, end, get } = worldWith('v2')
    world.create(kind('v2'), end('v2', { host: 'db', port: '80' }))
    world.settle()
    webhooks.failure = 'EOF'
    expect(refusalOf(world.ask('get', kind('v1'), 'default/a'))).toBe(FAILED)
    expect(refusalOf(world.ask('list', kind('v1'), 'default/'))).toBe(FAILED)
    expect(refusalOf(world.ask('delete', kind('v1'), 'default/a'))).toBe(FAILED)
    const patch = world.ask('patch', kind('v1'), 'default/a', { hostPort: 'x:1' }, { patchType: 'merge' })
    expect(refusalOf(patch)).toBe(FAILED)
    const create = world.ask('create', kind('v1'), 'default/', end('v1', { hostPort: 'x:1' }, { name: 'b' }))
    expect(refusalOf(create)).toBe(FAILED.replace('/v2', '/v1'))
    expect(get('v2')).toMatchObject({ host: 'db', port: '80' })
    const watch = world.watch(kind('v1'), 'default/')
    world.sim.advance(200)
    expect(watch.closed).toMatchObject({ status: { code: 500, message: FAILED.slice('500 : '.length) } })
    expect(world.must<{ items: [] }>(world.ask('list', kind('v2'), 'default/')).items).toHaveLength(1)
  })

  test('is converted to a storage version that came after its objects', () => {
    const { world, kind, end, get } = worldWith('v1')
    world.create(kind('v1'), end('v1', { hostPort: 'db:80' }))
    world.must(
      world.ask(
        'patch',
        CustomResourceDefinitions,
        'ends.example.com',
        { spec: { versions: definition('v2').spec.versions } },
        { patchType: 'merge' },
      ),
    )
    world.sim.advance(200)
    expect(get('v2')).toMatchObject({ apiVersion: 'example.com/v2', host: 'db', port: '80' })
    expect(get('v1')).toMatchObject({ hostPort: 'db:80' })
    world.must(world.ask('patch', kind('v2'), 'default/a', { port: '81' }, { patchType: 'merge' }))
    world.settle()
    expect(get('v1')).toMatchObject({ hostPort: 'db:81' })
  })

  test('may be selected by fields of the version that is asked for', () => {
    const { world, kind, end } = worldWith('v1')
    world.create(kind('v1'), end('v1', { hostPort: 'db:80' }))
    world.create(kind('v1'), end('v1', { hostPort: 'cache:80' }, { name: 'b' }))
    world.settle()
    const found = world.ask('list', kind('v2'), 'default/', undefined, { fieldSelector: 'host=cache' })
    expect(world.must<{ items: Endpoint[] }>(found).items).toMatchObject([{ host: 'cache' }])
  })

  test('has managers in both versions', () => {
    const { world, webhooks, kind, end, get, wire } = worldWith('v2')
    const apply = (name: 'v1' | 'v2', fields: object, fieldManager: string) =>
      world.ask(
        'patch',
        kind(name),
        'default/a',
        end(name, fields),
        wire({ patchType: 'apply', fieldManager }),
      )
    world.must(apply('v1', { hostPort: 'db:80' }, 'old'))
    world.settle()
    world.must(apply('v2', { note: 'mine' }, 'new'))
    world.settle()
    expect(get('v2')).toMatchObject({ host: 'db', port: '80', note: 'mine' })
    const managers = get('v2').metadata.managedFields?.map(({ manager, apiVersion }) => [manager, apiVersion])
    expect(managers).toEqual([
      ['new', 'example.com/v2'],
      ['old', 'example.com/v1'],
    ])
    expect(webhooks.reviews.length).toBeGreaterThan(0)
  })
})

describe('a kind of several versions without a webhook', () => {
  test('is judged by the schema of the version that is sent, and converted by name', () => {
    const { world, webhooks, kind, end, wire } = worldWith('v2', { strategy: 'None' })
    const create = (name: 'v1' | 'v2', fields: object, metadata: object = {}) =>
      world.ask('create', kind(name), 'default/', end(name, fields, metadata), wire())
    expect(refusalOf(create('v1', { hostPort: 'db' }))).toContain('hostPort: Invalid value: "db"')
    expect(refusalOf(create('v2', { port: '12345' }))).toContain('port: Too long')
    const watch = world.watch(kind('v1'), 'default/')
    world.must(create('v1', { hostPort: 'db:80' }))
    world.must(create('v2', { host: 'db' }, { name: 'b' }))
    world.settle()
    expect(watch.story()).toEqual(['ADDED a', 'ADDED b'])
    expect(watch.events.every(({ object }) => object.apiVersion === 'example.com/v1')).toBe(true)
    expect(webhooks.reviews).toEqual([])
  })
})
