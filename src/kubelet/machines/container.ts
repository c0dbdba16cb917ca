/**
 * The life of one container slot of a pod, restarts included: one turn of the loop is one container of the
 * runtime. Mirrors what `kuberuntime` keeps implicitly in its SyncPod.
 */
import { createMachine } from 'xstate'
import { compile, type Lifecycle } from './compile.ts'

export type ContainerState =
  | 'waiting'
  | 'pulling'
  | 'imageBackOff'
  | 'configError'
  | 'creating'
  | 'postStart'
  | 'running'
  | 'stopping'
  | 'exited'
  | 'crashBackOff'
  | 'finished'

export type ContainerEvent =
  | 'START'
  | 'PULLED'
  | 'PULL_FAILED'
  | 'CONFIG_FAILED'
  | 'RETRY'
  | 'STARTED'
  | 'START_FAILED'
  | 'HOOK_STARTED'
  | 'HOOK_DONE'
  | 'STOP'
  | 'EXITED'
  | 'BACK_OFF'
  | 'FINISH'
  | 'RESET'
  | 'ABANDON'

/** Whatever it is doing, the pod may be torn down (ABANDON) or lose its sandbox (RESET). */
const always = { ABANDON: 'finished', RESET: 'waiting' }

export const containerMachine = createMachine({
  id: 'container',
  initial: 'waiting',
  states: {
    waiting: { on: { START: 'pulling', ABANDON: 'finished', EXITED: 'exited', STARTED: 'running' } },
    pulling: {
      on: { ...always, PULLED: 'creating', PULL_FAILED: 'imageBackOff', CONFIG_FAILED: 'configError' },
    },
    imageBackOff: { on: { ...always, RETRY: 'pulling' } },
    configError: { on: { ...always, RETRY: 'pulling' } },
    creating: {
      on: {
        ...always,
        STARTED: 'running',
        HOOK_STARTED: 'postStart',
        START_FAILED: 'exited',
        CONFIG_FAILED: 'configError',
      },
    },
    postStart: { on: { ...always, HOOK_DONE: 'running', EXITED: 'exited', STOP: 'stopping' } },
    running: { on: { ...always, EXITED: 'exited', STOP: 'stopping' } },
    stopping: { on: { ...always, EXITED: 'exited' } },
    exited: { on: { ...always, START: 'pulling', BACK_OFF: 'crashBackOff', FINISH: 'finished' } },
    crashBackOff: { on: { ...always, RETRY: 'pulling', FINISH: 'finished' } },
    finished: { on: { RESET: 'waiting' } },
  },
})

export const containerLifecycle: Lifecycle<ContainerState, ContainerEvent> = compile(containerMachine)
