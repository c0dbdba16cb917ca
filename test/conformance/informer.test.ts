/**
 * An informer of @kubernetes/client-node over 10,000 changes, whose connection breaks again and again, and which is
 * away so long that it must list anew (410 Gone): what it tells is what happened, each once, in order.
 */
import { connect, createServer, type Server, type Socket } from 'node:net'
import { CoreV1Api, type Informer, KubeConfig, makeInformer, type V1ConfigMap } from '@kubernetes/client-node'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { Cluster } from '../../src/cluster/index.ts'
import { type ServedCluster, serve } from '../../src/server/index.ts'
import { LIMITS } from '../../src/sim/index.ts'

const ADMIN = { name: 'admin', groups: ['system:masters'] }
const SELECTOR = 'test=informer'
const OBJECTS = 200
const CHANGES = 10_000
/** So many changes that a watch from before them has nothing to go on from. */
const AWAY = 2 * LIMITS.watchCacheChanges + 100

/** A wire that can be cut. */
class Wire {
  readonly #sockets = new Set<Socket>()
  readonly #server: Server
  isCut = false
  cuts = 0

  constructor(port: number) {
    this.#server = createServer(near => {
      if (this.isCut) {
        near.destroy()
        return
      }
      const far = connect(port, '127.0.0.1')
      for (const [one, other] of [[near, far] as const, [far, near] as const]) {
        this.#sockets.add(one)
        one.on('error', () => {})
        one.once('close', () => {
          this.#sockets.delete(one)
          other.destroy()
        })
        one.pipe(other)
      }
    })
  }

  listen(): Promise<number> {
    return new Promise(resolve => {
      this.#server.listen(0, '127.0.0.1', () => resolve((this.#server.address() as { port: number }).port))
    })
  }

  /** Breaks every connection there is. */
  drop(): void {
    this.cuts++
    for (const socket of this.#sockets) socket.destroy()
  }

  close(): Promise<unknown> {
    this.drop()
    return new Promise(resolve => this.#server.close(resolve))
  }
}

let served: ServedCluster
let wire: Wire
let informer: Informer<V1ConfigMap>
/** By name, what was told, and what is to be told. */
const told = new Map<string, string[]>()
const expected = new Map<string, string[]>()
/** By name, the number of the change that made the object what it is. */
const present = new Map<string, number>()
let changes = 0
let lists = 0
const bugs: unknown[] = []

beforeAll(async () => {
  const cluster = Cluster.create({ nodes: 1 })
  served = await serve({ cluster, port: 0, bind: '127.0.0.1', speed: 50, failed: error => bugs.push(error) })
  wire = new Wire(served.port)
  const port = await wire.listen()
  const config = new KubeConfig()
  config.loadFromString(served.kubeconfig.replace(`:${served.port}`, `:${port}`))
  const api = config.makeApiClient(CoreV1Api)
  informer = makeInformer(
    config,
    '/api/v1/namespaces/default/configmaps',
    () => {
      lists++
      return api.listNamespacedConfigMap({ namespace: 'default', labelSelector: SELECTOR })
    },
    SELECTOR,
  )
  const hear = (what: string) => (object: V1ConfigMap) => {
    const line = what === 'delete' ? what : `${what} ${object.data?.change}`
    push(told, object.metadata!.name!, line)
  }
  for (const what of ['add', 'update', 'delete'] as const) informer.on(what, hear(what))
  informer.on('error', () => setTimeout(() => void informer.start(), 10))
})
afterAll(async () => {
  await informer.stop()
  await wire.close()
  await served.close()
})

function push(into: Map<string, string[]>, name: string, line: string): void {
  const lines = into.get(name)
  if (lines) lines.push(line)
  else into.set(name, [line])
}

/** A number below `most`, the same in every run. */
let state = 7
function below(most: number): number {
  state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
  return Math.floor((state / 2 ** 32) * most)
}

/** Changes as many objects as are named, all at once. */
async function change(names: ReadonlySet<string>, isTold: boolean): Promise<void> {
  await Promise.all(
    [...names].map(
      name =>
        new Promise<void>((resolve, reject) => {
          const number = ++changes
          const isThere = present.has(name)
          const verb = !isThere ? 'create' : below(3) === 0 ? 'delete' : 'update'
          const labels = { test: 'informer' }
          const body = { metadata: { name, namespace: 'default', labels }, data: { change: String(number) } }
          const address = { apiVersion: 'v1', resource: 'configmaps', namespace: 'default', subresource: '' }
          if (verb === 'delete') present.delete(name)
          else present.set(name, number)
          const what = { create: `add ${number}`, update: `update ${number}`, delete: 'delete' }[verb]
          if (isTold) push(expected, name, what)
          served.gateway.request(
            ADMIN,
            {
              ...address,
              verb,
              name: verb === 'create' ? '' : name,
              options: {},
              userAgent: 'test',
              ...(verb !== 'delete' && { body }),
            },
            result => (result.ok ? resolve() : reject(new Error(result.status.message))),
          )
        }),
    ),
  )
}

function someNames(count: number): Set<string> {
  const names = new Set<string>()
  while (names.size < count) names.add(`object-${below(OBJECTS)}`)
  return names
}

const sorted = (lines: ReadonlyMap<string, readonly string[]>) => Object.fromEntries([...lines].sort())

/** Waits until as much was told as is to be told, and compares; what is told too much shows the next time. */
async function caughtUp(): Promise<void> {
  const count = (lines: ReadonlyMap<string, readonly string[]>) =>
    [...lines.values()].reduce((sum, list) => sum + list.length, 0)
  for (let waited = 0; count(told) < count(expected) && waited < 20_000; waited += 5) {
    await new Promise(resolve => setTimeout(resolve, 5))
  }
  expect(sorted(told)).toEqual(sorted(expected))
}

test(`an informer misses nothing and repeats nothing in ${CHANGES} changes`, async () => {
  await informer.start()
  while (changes < CHANGES) {
    // Connections that break while changes come: the watch goes on where it was.
    const listsBefore = lists
    for (let round = 0; round < 40; round++) {
      const done = change(someNames(50), true)
      if (round % 2 === 0) wire.drop()
      await done
      if (round % 2 === 1) wire.drop()
      await caughtUp()
    }
    expect(lists).toBe(listsBefore)
    // Away for too long: what is there is listed, and told as far as it differs from what was known.
    const before = new Map(present)
    wire.isCut = true
    wire.drop()
    for (const end = changes + AWAY; changes < end; ) await change(someNames(50), false)
    for (const name of new Set([...before.keys(), ...present.keys()])) {
      const [old, now] = [before.get(name), present.get(name)]
      if (old === now) continue
      push(expected, name, now === undefined ? 'delete' : `${old === undefined ? 'add' : 'update'} ${now}`)
    }
    wire.isCut = false
    await caughtUp()
    expect(lists).toBe(listsBefore + 1)
  }
  await new Promise(resolve => setTimeout(resolve, 200))
  await caughtUp()
  expect(wire.cuts).toBeGreaterThan(50)
  expect(bugs).toEqual([])
}, 120_000)
