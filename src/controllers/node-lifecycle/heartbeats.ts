/**
 * When a node was last heard of, and when it is overdue. Upstream looks at all nodes every 5 s; here each node has
 * one timer, at the tick at which upstream would find it silent for too long, moved on lazily.
 */
import { findCondition, type Lease, NODE_LIFECYCLE, type Node } from '../../api/index.ts'
import type { Label, Scope, Timer } from '../../sim/index.ts'
import { readyStatus } from './taints.ts'

interface Pulse {
  readonly nodeName: string
  /** The tick at which the last sign of life was noticed. */
  noticedMs: number
  graceMs: number
  renewTime: string | undefined
  heartbeatTime: string | undefined
  timer: Timer | undefined
  isOverdue: boolean
}

export class Heartbeats {
  readonly #scope: Scope
  readonly #label: Label
  readonly #startMs: number
  readonly #graceMs: number
  readonly #pulses = new Map<string, Pulse>()
  readonly #onOverdue: (nodeName: string) => void

  /** `onOverdue` is called once for each silence, at its tick. */
  constructor(scope: Scope, graceMs: number, onOverdue: (nodeName: string) => void) {
    this.#scope = scope
    this.#label = scope.sim.label('node-lifecycle/deadline')
    this.#startMs = scope.sim.now
    this.#graceMs = graceMs
    this.#onOverdue = onOverdue
  }

  isOverdue(nodeName: string): boolean {
    return this.#pulses.get(nodeName)?.isOverdue === true
  }

  /** A node as it is now: its status may be a sign of life. */
  nodeSeen(node: Node): void {
    const pulse = this.#pulse(node.metadata.name)
    pulse.graceMs = readyStatus(node) === undefined ? NODE_LIFECYCLE.startupGraceMs : this.#graceMs
    const ready = findCondition(node, 'Ready')
    if (ready?.lastHeartbeatTime === pulse.heartbeatTime) return
    pulse.heartbeatTime = ready?.lastHeartbeatTime
    this.#alive(pulse)
  }

  /** A Lease in kube-node-lease, as it is now. */
  leaseSeen(lease: Lease): void {
    const pulse = this.#pulses.get(lease.metadata.name)
    const { renewTime } = lease.spec
    if (!pulse || !renewTime || (pulse.renewTime !== undefined && pulse.renewTime >= renewTime)) return
    pulse.renewTime = renewTime
    this.#alive(pulse)
  }

  forget(nodeName: string): void {
    this.#scope.sim.cancel(this.#pulses.get(nodeName)?.timer)
    this.#pulses.delete(nodeName)
  }

  /** Gives every node its whole grace again. */
  resetAll(): void {
    for (const pulse of this.#pulses.values()) this.#alive(pulse)
  }

  #pulse(nodeName: string): Pulse {
    let pulse = this.#pulses.get(nodeName)
    if (!pulse) {
      pulse = {
        nodeName,
        noticedMs: 0,
        graceMs: this.#graceMs,
        renewTime: undefined,
        heartbeatTime: undefined,
        timer: undefined,
        isOverdue: false,
      }
      this.#pulses.set(nodeName, pulse)
      this.#alive(pulse)
    }
    return pulse
  }

  #alive(pulse: Pulse): void {
    const { monitorPeriodMs } = NODE_LIFECYCLE
    const sinceStart = this.#scope.sim.now - this.#startMs
    pulse.noticedMs = this.#startMs + Math.ceil(sinceStart / monitorPeriodMs) * monitorPeriodMs
    pulse.isOverdue = false
    if (!pulse.timer) this.#arm(pulse)
  }

  #arm(pulse: Pulse): void {
    const leftMs = pulse.noticedMs + pulse.graceMs - this.#scope.sim.now
    pulse.timer = this.#scope.schedule(leftMs, this.#label, this.#deadline, pulse)
  }

  readonly #deadline = (pulse: Pulse): void => {
    pulse.timer = undefined
    if (pulse.noticedMs + pulse.graceMs > this.#scope.sim.now) {
      this.#arm(pulse)
      return
    }
    pulse.isOverdue = true
    this.#onOverdue(pulse.nodeName)
  }
}
