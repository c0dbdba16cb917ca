/**
 * The inputs of a run, in order, within bounds: a cluster that is served for days is let go of sooner than memory is.
 * What has been dropped stays dropped: a recording with a hole replays to another run.
 */
import { LIMITS, UserError } from '../sim/index.ts'
import type { RecordedInput } from './recording.ts'

/** Characters that an input is counted for, whatever it holds. */
const BARE_INPUT = 200

export class Recorder {
  #inputs: RecordedInput[]
  #characters = 0
  #count = 0
  #whyDropped: string | undefined
  readonly #dropped: ((why: string) => void) | undefined

  /** `dropped` hears, once, that and why the recording has ended. */
  constructor(inputs: readonly RecordedInput[], dropped?: (why: string) => void) {
    this.#inputs = [...inputs]
    this.#count = inputs.length
    for (const { input } of inputs) this.#characters += BARE_INPUT + charactersOf(input)
    this.#dropped = dropped
  }

  /** Takes an input down. Gives its place in the order of all inputs, from 0. */
  add(recorded: RecordedInput): number {
    if (this.#whyDropped === undefined) {
      this.#inputs.push(recorded)
      this.#characters += BARE_INPUT + charactersOf(recorded.input)
      if (this.#inputs.length > LIMITS.recordedInputs) {
        this.#drop(`${LIMITS.recordedInputs} inputs`, recorded.atMs)
      } else if (this.#characters > LIMITS.recordedCharacters) {
        this.#drop(`${LIMITS.recordedCharacters / 2 ** 20} MiB of inputs`, recorded.atMs)
      }
    }
    return this.#count++
  }

  /** Whether the run has exactly this input at that place: one of a future that was cut off is in no run. */
  has(place: number, recorded: RecordedInput): boolean {
    return this.#inputs[place] === recorded
  }

  /** All of them, for `what`: a replay, say. Throws UserError where they are gone. */
  all(what: string): readonly RecordedInput[] {
    if (this.#whyDropped !== undefined) {
      throw new UserError(`there is no ${what}: ${this.#whyDropped}`, {
        mend: 'Start a new cluster; the recording is kept up to that bound.',
      })
    }
    return this.#inputs
  }

  #drop(bound: string, atMs: number): void {
    this.#whyDropped = `the recording was dropped at ${new Date(atMs).toISOString()}, after ${bound}`
    this.#inputs = []
    this.#dropped?.(this.#whyDropped)
  }
}

/** About as many as its JSON has; without making it, as every served request comes by. */
function charactersOf(value: unknown): number {
  if (typeof value === 'string') return value.length
  if (typeof value !== 'object' || value === null) return 4
  let sum = 2
  if (Array.isArray(value)) for (const item of value) sum += charactersOf(item)
  else for (const key in value) sum += key.length + charactersOf((value as Record<string, unknown>)[key])
  return sum
}
