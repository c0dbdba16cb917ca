/**
 * A scheduler and kubelets in a few lines, as the recordings of a real control plane had them: pods are bound in
 * turn, run and are ready after a while, end as their image says, and are gone some time after their deletion.
 */
import { type AnyKind, type Pod, Pods } from '../../src/api/index.ts'
import { type ApiPort, Informers, requestFor } from '../../src/client/index.ts'
import { formatTime, type Simulation } from '../../src/sim/index.ts'
import type { ControlPlane } from './control-plane.ts'

const START_MS = 500
const STOP_MS = 500
const RUN_MS = 1_000

export class FakeKubelets {
  readonly #sim: Simulation
  readonly #api: ApiPort
  readonly #nodes: readonly string[]
  readonly #informers: Informers
  #turn = 0

  constructor(plane: ControlPlane, nodes: readonly string[]) {
    this.#sim = plane.sim
    this.#nodes = nodes
    const user = { name: 'system:nodes', groups: ['system:masters'] }
    this.#api = plane.wire.connect('kubelets', 'apiserver', () => plane.server, user)
    this.#informers = new Informers(plane.sim.root, this.#api)
    this.#informers.of(Pods).addHandler({
      added: pod => this.#added(pod),
      updated: (pod, old) => this.#updated(pod, old),
    })
    this.#informers.start()
    plane.sim.advance(100)
  }

  #added(pod: Pod): void {
    if (pod.spec.nodeName || pod.metadata.deletionTimestamp) return
    const named =
      pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms[0]
        ?.matchFields?.[0]?.values?.[0]
    const node = named ?? this.#nodes[this.#turn++ % this.#nodes.length]!
    const { namespace = '', name } = pod.metadata
    const body = {
      apiVersion: 'v1',
      kind: 'Binding',
      metadata: { name, namespace },
      target: { kind: 'Node', name: node },
    }
    this.#api.request(
      requestFor('create', Pods as AnyKind, namespace, name, { subresource: 'binding', body }),
      () => {},
    )
  }

  #updated(pod: Pod, old: Pod): void {
    if (pod.metadata.deletionTimestamp && !old.metadata.deletionTimestamp) {
      this.#later(STOP_MS, () => this.#stop(pod))
    } else if (pod.spec.nodeName && !old.spec.nodeName) {
      this.#post(pod, 'Pending', 'False')
      const image = pod.spec.containers[0]!.image ?? ''
      if (image.endsWith(':bad')) return
      this.#later(START_MS, () => this.#post(pod, 'Running', 'True'))
      if (image.endsWith(':exit0'))
        this.#later(START_MS + RUN_MS, () => this.#post(pod, 'Succeeded', 'False'))
      if (image.endsWith(':fail')) this.#later(START_MS + RUN_MS, () => this.#post(pod, 'Failed', 'False'))
    }
  }

  #stop({ metadata }: Pod): void {
    const { namespace = '', name, uid } = metadata
    const options = { gracePeriodSeconds: 0, preconditions: { uid } }
    this.#api.request(requestFor('delete', Pods as AnyKind, namespace, name, { options }), () => {})
  }

  #post({ metadata }: Pod, phase: string, isReady: 'True' | 'False'): void {
    const { namespace = '', name, uid } = metadata
    const lastTransitionTime = formatTime(this.#sim.now)
    const conditions = [{ type: 'Ready', status: isReady, lastTransitionTime }]
    const body = { metadata: { uid }, status: { phase, conditions } }
    this.#api.request(
      requestFor('patch', Pods as AnyKind, namespace, name, {
        subresource: 'status',
        body,
        options: { patchType: 'strategic' },
      }),
      () => {},
    )
  }

  #later(delayMs: number, act: () => void): void {
    this.#sim.root.schedule(delayMs, this.#sim.label('test/kubelet'), act, undefined)
  }
}
