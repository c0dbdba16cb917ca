/** etcd and an API server on a simulation of their own, and an administrator at the door: what the tests of single components stand on. */
import { type AnyKind, KINDS, type KubeObject, Scheme } from '../../src/api/index.ts'
import { ApiServer, sealObject } from '../../src/apiserver/index.ts'
import { type ApiPort, type ApiResult, requestFor, type Verb, Wire } from '../../src/client/index.ts'
import { Etcd, MemoryStorage } from '../../src/etcd/index.ts'
import { Simulation } from '../../src/sim/index.ts'

/** What is sent to create an object; apiVersion and kind are filled in. */
export interface NewThing {
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly [more: string]: unknown }
  readonly [more: string]: unknown
}

/** Verb, kind, namespace, name, and what else goes with a request. */
export type Asked = [
  verb: Verb,
  kind: AnyKind,
  namespace: string,
  name: string,
  more?: Parameters<typeof requestFor>[4],
]

export interface BareControlPlane {
  readonly sim: Simulation
  readonly wire: Wire
  readonly server: ApiServer
  /** kubectl's connection, as a member of system:masters. */
  readonly admin: ApiPort
}

/** Up and answering: `settleMs` of virtual time have passed. */
export function bareControlPlane(options: { seed?: number; settleMs?: number } = {}): BareControlPlane {
  const sim = new Simulation({ seed: options.seed ?? 1 })
  const etcd = new Etcd<KubeObject>(sim.root.child('etcd'), {
    storage: new MemoryStorage<KubeObject>(),
    seal: sealObject,
  })
  etcd.start()
  const server = new ApiServer(sim.root.child('apiserver'), { scheme: new Scheme(KINDS), etcd })
  server.start()
  const wire = new Wire(sim)
  const user = { name: 'kubernetes-admin', groups: ['system:masters'] }
  const admin = wire.connect('kubectl', 'apiserver', () => server, user)
  sim.advance(options.settleMs ?? 1_000)
  return { sim, wire, server, admin }
}

/** Sends a request as the administrator and lets time pass until it is answered. Throws when no answer comes. */
export function request<T>({ sim, admin }: BareControlPlane, ...asked: Asked): ApiResult<T> {
  let answer: ApiResult<T> | undefined
  admin.request(requestFor(...asked), result => {
    answer = result as unknown as ApiResult<T>
    sim.markChanged()
  })
  sim.runUntil(() => answer !== undefined, 60_000)
  if (!answer) throw new Error(`${asked[0]} ${asked[1].plural} ${asked[3]}: no answer`)
  return answer
}

/** The same when the answer must be yes. */
export function mustRequest<T>(plane: BareControlPlane, ...asked: Asked): T {
  const answer = request<T>(plane, ...asked)
  if (!answer.ok) throw new Error(`${asked[0]} ${asked[1].plural} ${asked[3]}: ${answer.status.message}`)
  return answer.object
}

/** Creates an object; gives what was stored. */
export function create<T = KubeObject>(plane: BareControlPlane, kind: AnyKind, object: NewThing): T {
  const { name, namespace = '' } = object.metadata
  const body = { apiVersion: kind.apiVersion, kind: kind.kind, ...object }
  return mustRequest<T>(plane, 'create', kind, namespace, name, { body })
}
