/**
 * Turns an xstate machine into a table (state, event) -> next. The machine is the statement of a lifecycle; the
 * table is what runs: a transition costs an object lookup instead of a walk through a state chart. Only flat
 * machines without guards, context or delays can be compiled, which is what makes the two equal.
 */
import { type AnyMachineSnapshot, type AnyStateMachine, transition } from 'xstate'
import { assert } from '../../sim/index.ts'

/** A compiled lifecycle over state names `S` and event names `E`. */
export interface Lifecycle<S extends string, E extends string> {
  readonly initial: S
  readonly states: readonly S[]
  readonly events: readonly E[]
  /** The next state; the same one where the machine does not react. */
  next(state: S, event: E): S
  /** Whether the machine reacts to the event in that state. */
  reacts(state: S, event: E): boolean
  isFinal(state: S): boolean
}

export function compile<S extends string, E extends string>(machine: AnyStateMachine): Lifecycle<S, E> {
  const states = Object.keys(machine.states) as S[]
  const events = [...machine.events] as E[]
  const finals = new Set<S>(states.filter(state => machine.states[state]!.type === 'final'))
  let table: Table<S, E> | undefined
  // Worked out when first asked for: a run without pods need not wait for it.
  const rowOf = (state: S): ReadonlyMap<E, S> => {
    table ??= tableOf(machine, states, events)
    return table.get(state)!
  }
  return {
    initial: machine.config.initial as S,
    states,
    events,
    next: (state, event) => rowOf(state).get(event) ?? state,
    reacts: (state, event) => rowOf(state).has(event),
    isFinal: state => finals.has(state),
  }
}

type Table<S, E> = ReadonlyMap<S, ReadonlyMap<E, S>>

function tableOf<S extends string, E extends string>(
  machine: AnyStateMachine,
  states: readonly S[],
  events: readonly E[],
): Table<S, E> {
  const table = new Map<S, ReadonlyMap<E, S>>()
  for (const state of states) {
    const row = new Map<E, S>()
    table.set(state, row)
    const node = machine.states[state]!
    assert(Object.keys(node.states).length === 0, 'a compiled machine is flat')
    for (const event of events) {
      if (node.on?.[event] === undefined && !(event in (node.config.on ?? {}))) continue
      row.set(event, step(machine, state, event) as S)
    }
  }
  return table
}

/** xstate's own answer, asked once for each entry. */
function step(machine: AnyStateMachine, state: string, event: string): string {
  const snapshot = machine.resolveState({ value: state, context: {} } as never) as AnyMachineSnapshot
  const [next] = transition(machine, snapshot, { type: event })
  return next.value as string
}
