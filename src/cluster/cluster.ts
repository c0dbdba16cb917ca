/**
 * A whole cluster behind one object: apply, look, let time pass, break things, ask why, go back. Everything that
 * enters is recorded, so that any moment of a run can be had again.
 */
import type { KubeObject } from '../api/index.ts'
import { type KubectlResult, shellWords } from '../kubectl/index.ts'
import { assert, LIMITS, type Simulation, UserError } from '../sim/index.ts'
import type { ClusterOptions, NodeOptions } from './config.ts'
import { Faults } from './faults.ts'
import type { InputResult, Live } from './inputs.ts'
import type { Change, Observer } from './observer.ts'
import type { StreamPiece } from './outside-streams.ts'
import { Recorder } from './recorder.ts'
import type { Input, Position, RecordedInput, Recording } from './recording.ts'
import { replay } from './replay.ts'
import type { RequestResult } from './request.ts'
import { parseSpan } from './span.ts'
import type { ObjectOf } from './typed-kinds.ts'
import { chainOf, formatChain } from './why.ts'
import { withoutSecret } from './without-secrets.ts'
import { type Adapters, World } from './world.ts'

/** An input under way: let time pass until it has a result. */
export interface Running {
  readonly result: InputResult | undefined
  /** Gives it up where it is. */
  cancel(): void
  /** Sends something into it, when it is a stream. */
  send(piece: StreamPiece): void
  /** How much of what was sent into it nobody inside has read yet. */
  unread(): number
}

/** A length of time: `30s`, `5m`, `1h30m`, or milliseconds. */
export type Span = string | number

export class Cluster {
  #world: World
  #recorder: Recorder
  readonly #options: ClusterOptions
  readonly #adapters: Adapters
  readonly #rewindHearers = new Set<() => void>()
  /** Crashes, cuts and recoveries. */
  readonly faults: Faults

  private constructor(
    options: ClusterOptions,
    adapters: Adapters,
    world: World,
    inputs: readonly RecordedInput[],
  ) {
    this.#options = options
    this.#adapters = adapters
    this.#world = world
    this.#recorder = new Recorder(inputs, adapters.recordingDropped)
    this.faults = new Faults(input => this.#enter(input))
  }

  /** Boots a cluster: when this returns every node is Ready. Throws UserError for an impossible configuration. */
  static create(options: ClusterOptions = {}, adapters: Adapters = {}): Cluster {
    const world = new World(options, adapters)
    world.boot()
    return new Cluster(options, adapters, world, [])
  }

  /** Plays a recording to its end. */
  static replay(recording: Recording, adapters: Adapters = {}): Cluster {
    const world = replay(recording.options, recording.inputs, recording.end, adapters)
    return new Cluster(recording.options, adapters, world, recording.inputs)
  }

  /** The loop below: its clock, its trace, its counters. Another one after a rewind. */
  get sim(): Simulation {
    return this.#world.sim
  }

  /** The rooms themselves, for views and measurements. Another one after a rewind. */
  get world(): World {
    return this.#world
  }

  get observer(): Observer {
    return this.#world.observer
  }

  /** Applies a manifest as `kubectl apply` does. Throws ApiError for the first object refused, UserError for bad YAML. */
  apply(manifest: string, file = 'manifest.yaml'): readonly KubeObject[] {
    return this.#enter({ do: 'apply', manifest, file }) as readonly KubeObject[]
  }

  /** An object by kind (as typed after `kubectl get`) and name; undefined when there is none. */
  get<K extends string>(kind: K, name: string, namespace = 'default'): ObjectOf<K> | undefined {
    const { observer } = this.#world
    return observer.get({ kind: observer.kind(kind), namespace, name }) as ObjectOf<K> | undefined
  }

  /** Objects of a kind in key order, of all namespaces unless one is given. */
  list<K extends string>(
    kind: K,
    selection: { namespace?: string; labelSelector?: string } = {},
  ): ObjectOf<K>[] {
    const { observer } = this.#world
    return observer.list(observer.kind(kind), selection.namespace, selection.labelSelector) as ObjectOf<K>[]
  }

  /** Runs a kubectl command line (`get pods -o wide`) and gives what it prints. `files` are those it may read. */
  kubectl(line: string, files: Readonly<Record<string, string>> = {}): KubectlResult {
    const words = shellWords(line.replace(/^\s*kubectl\s+/, ''))
    return this.#enter({ do: 'kubectl', words, files }) as KubectlResult
  }

  /** Sends an HTTP request (or a Redis command) from a pod: `request('web-1', 'http://db:80/')`. */
  request(pod: string, url: string): RequestResult {
    return this.#enter({ do: 'request', pod, url }) as RequestResult
  }

  addNode(node: NodeOptions): void {
    this.#enter({ do: 'add-node', node })
  }

  advance(span: Span): void {
    this.#world.sim.advance(parseSpan(span))
  }

  /** Runs until `predicate` holds; false when it did not within that time. */
  runUntil(predicate: () => boolean, options: { within: Span }): boolean {
    return this.#world.sim.runUntil(predicate, parseSpan(options.within))
  }

  /** Why an object is as it is: the causal chain behind its last change, as lines. Throws UserError. */
  why(reference: string, namespace = 'default'): string {
    const { observer, sim } = this.#world
    const subject = observer.keyOf(observer.reference(reference, namespace))
    const isChange = (label: string) => label === 'etcd/put' || label === 'etcd/delete'
    const last = sim.trace.findLast(sim.subject(subject), record => isChange(record.label))
    if (!last)
      throw new UserError(`nothing has ever happened to ${reference}`, {
        mend: 'Check the name and namespace.',
      })
    return formatChain(chainOf(sim, last.id))
  }

  /** Every change of a kind that etcd still remembers, oldest first. */
  history(kind: string): Change[] {
    const { observer, sim } = this.#world
    return observer.history(observer.kind(kind), cause => sim.trace.read(cause)?.atMs ?? sim.startMs)
  }

  /** Where the run stands. */
  get position(): Position {
    return { atMs: this.#world.sim.now, events: this.#world.sim.events }
  }

  /** The run so far, as data. Throws UserError when more has entered than is kept, as `rewind` and `fork` then do. */
  get recording(): Recording {
    return {
      version: 1,
      options: this.#options,
      inputs: [...this.#recorder.all('recording')],
      end: this.position,
      sha256: this.#world.sim.trace.digest(),
    }
  }

  /** Goes back in time: the cluster is as it was `span` ago, and what came after never happened. */
  rewind(span: Span): void {
    const { sim } = this.#world
    const atMs = sim.now - parseSpan(span)
    if (atMs < this.#world.bootedAtMs)
      throw new UserError('the cluster did not exist then', { mend: 'Rewind less.' })
    const inputs = this.#recorder.all('way back').filter(input => input.atMs <= atMs)
    this.#world = replay(this.#options, inputs, { atMs }, this.#adapters)
    this.#recorder = new Recorder(inputs, this.#adapters.recordingDropped)
    for (const hear of [...this.#rewindHearers]) hear()
  }

  /**
   * Calls `hear` after every rewind: what a front end holds of the world belongs to a future that is no more. Gives what
   * ends that.
   */
  whenRewound(hear: () => void): () => void {
    this.#rewindHearers.add(hear)
    return () => this.#rewindHearers.delete(hear)
  }

  /** Another cluster in exactly the same state, which then goes its own way. */
  fork(): Cluster {
    const inputs = this.#recorder.all('fork')
    const world = replay(this.#options, inputs, this.position, this.#adapters)
    return new Cluster(this.#options, this.#adapters, world, inputs)
  }

  /**
   * Lets an input in without waiting for its end: for front ends that let time pass themselves. After a rewind it has no
   * result any more; it can be given up if it was let in before the time that was gone back to.
   */
  begin(input: Input, live?: Live): Running {
    const world = this.#world
    const { sim } = world
    const recorded = { atMs: sim.now, afterEvents: sim.events, input }
    const place = this.#recorder.add(recorded)
    const isUnderWay = () =>
      result === undefined && (this.#world === world || this.#recorder.has(place, recorded))
    let result: InputResult | undefined
    world.enter(
      input,
      value => {
        result = value
      },
      live,
    )
    return {
      get result() {
        return result
      },
      cancel: () => {
        if (isUnderWay()) this.begin({ do: 'cancel', input: place })
      },
      send: piece => {
        if (isUnderWay()) this.begin({ do: 'send', input: place, piece })
      },
      unread: () => (result === undefined ? world.streams.unread(place) : 0),
    }
  }

  #enter(input: Input): unknown {
    const running = this.begin(input)
    if (!this.#world.sim.runUntil(() => running.result !== undefined, LIMITS.inputMs)) {
      running.cancel()
      throw new UserError(`${describe(input)} was given up after a day of virtual time`, {
        mend: 'Give it a --timeout.',
      })
    }
    const { result } = running
    assert(result, 'an input that has ended has a result')
    if (!result.ok) throw result.error
    return result.value
  }
}

function describe(given: Input): string {
  const input = withoutSecret(given)
  return input.do === 'kubectl' ? `kubectl ${input.words.join(' ')}` : input.do
}
