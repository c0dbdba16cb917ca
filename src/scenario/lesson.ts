/**
 * A scenario being played on a cluster of its own. The lesson stands outside the loop: it is driven one small act at
 * a time, so that a screen can let virtual time pass at its own pace and a test as fast as it goes, with the same
 * history either way.
 */
import { parseManifest } from '../api/index.ts'
import { type Adapters, Cluster, type ClusterOptions } from '../cluster/index.ts'
import { assert, UserError } from '../sim/index.ts'
import { kubectl, type ReadFile, readCommand } from './commands.ts'
import { Expressions } from './expression/expressions.ts'
import { matchesOutput } from './output.ts'
import type { Scenario } from './parse.ts'
import type { Play, Until } from './play.ts'
import type { Failure, StepResult } from './result.ts'
import { type Step, stepsOf } from './steps.ts'
import type { Stage } from './verbs/verb.ts'

export interface LessonOptions {
  /** In the place of the front matter's. */
  readonly seed?: number
  /** Files that `kubectl -f` may read. None unless given. */
  readonly readFile?: ReadFile
  readonly adapters?: Adapters
  /** What the front matter leaves open. */
  readonly defaults?: ClusterOptions
}

/** A step on its way. */
interface Act {
  readonly play: Play
  readonly startedMs: number
  waiting: Until | undefined
  /** `sim.changes` when `waiting` was last asked. */
  seenChanges: number
  output: string
  complaint: Complaint | undefined
}

interface Complaint {
  readonly expected: string
  readonly actual: string
  /** The lesson may expect the refusal by showing its output. */
  readonly isRefusal: boolean
}

export class Lesson {
  readonly scenario: Scenario
  readonly steps: readonly Step[]
  /** One for each step that is over. */
  readonly results: readonly StepResult[]
  readonly cluster: Cluster
  readonly #plays: readonly ((stage: Stage) => Play)[]
  readonly #results: StepResult[] = []
  #act: Act | undefined

  /** Reads every step, then boots the cluster. Throws UserError with `file:line:column` for whatever is wrong. */
  constructor(scenario: Scenario, options: LessonOptions = {}) {
    this.scenario = scenario
    this.steps = stepsOf(scenario)
    this.results = this.#results
    const expressions = new Expressions(() => this.cluster)
    const readFile = options.readFile ?? (() => undefined)
    this.#plays = this.steps.map(step => playOf(scenario, step, expressions, readFile))
    this.cluster = bootCluster(scenario, options)
  }

  /** The step under way, or the one to begin next; undefined when the lesson is over. */
  get current(): Step | undefined {
    return this.steps[this.#results.length]
  }

  /** True when {@link current} has begun. */
  get isUnderWay(): boolean {
    return this.#act !== undefined
  }

  get isEnded(): boolean {
    return this.current === undefined
  }

  /** What the step under way has printed so far. */
  get output(): string {
    return this.#act?.output ?? ''
  }

  get failures(): readonly Failure[] {
    return this.#results.flatMap(({ failure }) => failure ?? [])
  }

  /**
   * Does one thing that is due at or before `untilMs` (virtual ms): begins a step, ends one, or executes one event of
   * the loop. Gives false when nothing is left to do by then; the clock may then stand before `untilMs`. When the
   * lesson is over the cluster just goes on. Throws UserError when a step cannot be carried out.
   */
  step(untilMs: number = Number.POSITIVE_INFINITY): boolean {
    const { sim } = this.cluster
    const step = this.current
    if (!step) return sim.step(untilMs)
    if (!this.#act) {
      this.#begin(step)
      return true
    }
    const act = this.#act
    const { waiting } = act
    assert(waiting, 'a step that has begun waits for something')
    if (sim.changes !== act.seenChanges) {
      act.seenChanges = sim.changes
      if (waiting.isOver()) {
        this.#resume(step, act, true)
        return true
      }
    }
    const limitMs = Math.min(untilMs, waiting.atMs ?? Number.POSITIVE_INFINITY)
    if (sim.step(limitMs)) return true
    assert(Number.isFinite(limitMs), 'something happens in a cluster for ever')
    if (waiting.atMs !== limitMs) return false
    sim.skipTo(limitMs)
    this.#resume(step, act, waiting.isOver())
    return true
  }

  /** Plays what is left as fast as it goes. Throws UserError when a step cannot be carried out. */
  playToEnd(): void {
    while (!this.isEnded) this.step()
  }

  #begin(step: Step): void {
    const { sim } = this.cluster
    const act: Act = {
      play: this.#plays[this.#results.length]!({
        cluster: this.cluster,
        print: text => {
          act.output += text
        },
        fail: (expected, actual) => {
          act.complaint ??= { expected, actual, isRefusal: false }
        },
        refuse: (expected, actual) => {
          act.complaint ??= { expected, actual, isRefusal: true }
        },
      }),
      startedMs: sim.now,
      waiting: undefined,
      seenChanges: sim.changes,
      output: '',
      complaint: undefined,
    }
    this.#act = act
    this.#resume(step, act, true)
  }

  /** Goes on to the next wait that is not over already, or to the end. */
  #resume(step: Step, act: Act, isOver: boolean): void {
    const { sim } = this.cluster
    for (let answer = isOver; ; answer = true) {
      const next = this.#next(step, act, answer)
      if (next.done) {
        this.#act = undefined
        this.#results.push(this.#judge(step, act))
        return
      }
      act.waiting = next.value
      act.seenChanges = sim.changes
      if (!next.value.isOver()) return
    }
  }

  #next(step: Step, act: Act, answer: boolean): IteratorResult<Until, void> {
    try {
      return act.play.next(answer)
    } catch (error) {
      if (!(error instanceof UserError) || error.where !== undefined) throw error
      const { message, mend } = error
      throw new UserError(message, { where: `${this.scenario.file}:${step.line}:1`, mend, cause: error })
    }
  }

  #judge(step: Step, act: Act): StepResult {
    const { output, startedMs } = act
    return { step, output, failure: this.#failureOf(step, act), startedMs, endedMs: this.cluster.sim.now }
  }

  #failureOf(step: Step, { output, complaint }: Act): Failure | undefined {
    const where = `${this.scenario.file}:${step.line}`
    const shown = step.type === 'command' ? step.command.expected : []
    if (complaint && !(complaint.isRefusal && shown.length > 0)) {
      return { where, expected: complaint.expected, actual: complaint.actual, isOutput: complaint.isRefusal }
    }
    if (shown.length === 0 || matchesOutput(shown, output.split('\n'))) return undefined
    return { where, expected: shown.join('\n'), actual: output.replace(/\n$/, ''), isOutput: true }
  }
}

function playOf(
  scenario: Scenario,
  step: Step,
  expressions: Expressions,
  readFile: ReadFile,
): (stage: Stage) => Play {
  switch (step.type) {
    case 'apply': {
      parseManifest(scenario.file, step.yaml)
      const files = { [scenario.file]: step.yaml }
      return stage => kubectl(stage, ['apply', '-f', scenario.file], files)
    }
    case 'command':
      return readCommand(scenario, step.command, expressions, readFile)
    default:
      return nothing
  }
}

function* nothing(): Play {}

/** Boots what the front matter describes. Throws UserError with the place of the field at fault. */
function bootCluster(scenario: Scenario, { seed, adapters, defaults }: LessonOptions): Cluster {
  const options = { ...defaults, ...scenario.cluster, ...(seed !== undefined && { seed }) } as ClusterOptions
  try {
    return Cluster.create(options, adapters)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    const [path = ''] = /^cluster[\w.[\]]*/.exec(error.message) ?? []
    throw new UserError(error.message, { where: scenario.whereOf(path), mend: error.mend, cause: error })
  }
}
