import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type AnyStateMachine, initialTransition, transition } from 'xstate'
import { compile } from './compile.ts'
import { containerLifecycle, containerMachine } from './container.ts'
import { podLifecycle, podMachine } from './pod.ts'

const MACHINES = [
  { name: 'container', machine: containerMachine, lifecycle: compile<string, string>(containerMachine) },
  { name: 'pod', machine: podMachine, lifecycle: compile<string, string>(podMachine) },
]

describe.each(MACHINES)('the compiled table of the $name machine', ({ machine, lifecycle }) => {
  test('says what xstate says, along any walk', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...lifecycle.events), { maxLength: 40 }), events => {
        let [snapshot] = initialTransition(machine as AnyStateMachine)
        let state = lifecycle.initial
        for (const type of events) {
          ;[snapshot] = transition(machine as AnyStateMachine, snapshot, { type })
          state = lifecycle.next(state, type)
          expect(state).toBe(snapshot.value)
        }
      }),
      { seed: 1, numRuns: 300 },
    )
  })

  test('every state can be reached, and left unless it is final', () => {
    const reached = new Set([lifecycle.initial])
    for (const state of reached)
      for (const event of lifecycle.events) reached.add(lifecycle.next(state, event))
    expect([...reached].sort()).toEqual([...lifecycle.states].sort())
    for (const state of lifecycle.states) {
      const leaves = lifecycle.events.some(event => lifecycle.next(state, event) !== state)
      expect(leaves).toBe(!lifecycle.isFinal(state))
    }
  })
})

test('a crashing container goes round through its back-off', () => {
  const walk = ['START', 'PULLED', 'STARTED', 'EXITED', 'BACK_OFF', 'RETRY', 'PULLED', 'STARTED'] as const
  const states = walk.map((_, i) => walk.slice(0, i + 1).reduce(containerLifecycle.next, 'waiting'))
  expect(states).toEqual([
    'pulling',
    'creating',
    'running',
    'exited',
    'crashBackOff',
    'pulling',
    'creating',
    'running',
  ])
})

test('a terminating pod hears of nothing but its end', () => {
  expect(podLifecycle.reacts('terminating', 'SANDBOX_LOST')).toBe(false)
  expect(podLifecycle.reacts('terminating', 'STOPPED')).toBe(true)
})
