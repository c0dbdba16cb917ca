/**
 * The life of one pod on its node, from the kubelet's side: mirrors upstream's pod worker phases (sync,
 * terminating, terminated) with the sandbox's making spelled out.
 */
import { createMachine } from 'xstate'
import { compile, type Lifecycle } from './compile.ts'

export type PodState =
  | 'admitted'
  | 'preparing'
  | 'creatingSandbox'
  | 'sandboxBackOff'
  | 'active'
  | 'terminating'
  | 'tearingDown'
  | 'terminated'
  | 'deleting'
  | 'gone'

export type PodEvent =
  | 'PREPARE'
  | 'PREPARED'
  | 'SANDBOX_READY'
  | 'SANDBOX_FAILED'
  | 'RETRY'
  | 'ADOPT'
  | 'SANDBOX_LOST'
  | 'TERMINATE'
  | 'STOPPED'
  | 'TORN_DOWN'
  | 'DELETE'
  | 'DELETE_FAILED'
  | 'FORGET'

const alive = { TERMINATE: 'terminating', FORGET: 'gone' }

export const podMachine = createMachine({
  id: 'pod',
  initial: 'admitted',
  states: {
    admitted: { on: { ...alive, PREPARE: 'preparing', ADOPT: 'active' } },
    /** Volumes and the network are waited for. */
    preparing: { on: { ...alive, PREPARED: 'creatingSandbox', SANDBOX_FAILED: 'sandboxBackOff' } },
    creatingSandbox: { on: { ...alive, SANDBOX_READY: 'active', SANDBOX_FAILED: 'sandboxBackOff' } },
    sandboxBackOff: { on: { ...alive, RETRY: 'preparing' } },
    active: { on: { ...alive, SANDBOX_LOST: 'preparing' } },
    /** Containers are being stopped. */
    terminating: { on: { STOPPED: 'tearingDown', FORGET: 'gone' } },
    /** The sandbox is being stopped. */
    tearingDown: { on: { TORN_DOWN: 'terminated', FORGET: 'gone' } },
    /** Nothing of it runs; the last status is on its way. */
    terminated: { on: { DELETE: 'deleting', FORGET: 'gone' } },
    deleting: { on: { DELETE_FAILED: 'terminated', FORGET: 'gone' } },
    gone: { type: 'final' },
  },
})

export const podLifecycle: Lifecycle<PodState, PodEvent> = compile(podMachine)
