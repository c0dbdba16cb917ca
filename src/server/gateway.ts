/**
 * The way from the sockets into the simulation: every request and watch is a recorded input, let in when the virtual
 * clock has been brought to the present.
 */
import { type Status, statuses } from '../api/index.ts'
import type { ApiResult, UserInfo, WatchEvent } from '../client/index.ts'
import type {
  Cluster,
  Input,
  InputResult,
  Live,
  OutsideRequest,
  Running,
  StreamEnd,
  StreamHearer,
  StreamPiece,
  StreamRequest,
  WatchEnd,
} from '../cluster/index.ts'
import type { Pace } from './pace.ts'

/** What a client is told when a bug kept it from its answer. */
export const NO_ANSWER = 'the server could not answer'

/** What a watch tells the one who holds its socket. */
export interface WatchHearer {
  opened(): void
  events(events: readonly WatchEvent[]): void
  /** With a Status when the server said why. */
  ended(status: Status | undefined): void
  /** A bug in one of the others: the one who watches is to be sent away. */
  broke(): void
}

/** A stream under way. */
export interface OpenStream {
  send(piece: StreamPiece): void
  /** Nothing more is heard of it; a command that still runs is killed. */
  close(): void
}

export class Gateway {
  readonly cluster: Cluster
  readonly #pace: Pace
  readonly #failed: (error: unknown) => void

  /** `failed` hears of bugs in those who are told of what comes out: the world goes on without them. */
  constructor(cluster: Cluster, pace: Pace, failed: (error: unknown) => void) {
    this.cluster = cluster
    this.#pace = pace
    this.#failed = failed
  }

  /**
   * Sends a request; `reply` is called once, unless the cluster ends before. A code of 0 means that no answer came.
   * `broke` is called when `reply` throws or rejects.
   */
  request(
    user: UserInfo,
    request: OutsideRequest,
    reply: (result: ApiResult) => void | Promise<void>,
    broke: () => void = () => {},
  ): void {
    const told = this.#fenced((result: InputResult) => reply(readValue(result) as ApiResult), broke)
    this.enter({ do: 'api', user, request }, { ended: told })
  }

  /** Opens a watch. Gives what stops it. */
  watch(user: UserInfo, request: OutsideRequest, hearer: WatchHearer): () => void {
    const broke = () => hearer.broke()
    const ended = (result: InputResult) => hearer.ended((readValue(result) as WatchEnd).status)
    const watch = {
      opened: this.#fenced(() => hearer.opened(), broke),
      events: this.#fenced((events: readonly WatchEvent[]) => hearer.events(events), broke),
    }
    return this.enter({ do: 'watch', user, request }, { watch, ended: this.#fenced(ended, broke) })
  }

  /** Opens a stream into a container or a pod's port. */
  stream(stream: StreamRequest, hearer: StreamHearer, ended: (end: StreamEnd) => void): OpenStream {
    // Those who hold the stream know how to end it: as if the server had. They hear nothing more.
    let isBroken = false
    const end = this.#fenced(
      () => ended({ failure: statuses.internalError(NO_ANSWER) }),
      () => {},
    )
    const broke = () => {
      if (isBroken) return
      isBroken = true
      end()
    }
    const hear = <T>(tell: (what: T) => void) =>
      this.#fenced((what: T) => {
        if (!isBroken) tell(what)
      }, broke)
    const { stderr } = hearer
    const running = this.#begin(
      { do: 'stream', stream },
      {
        stream: {
          stdout: hear((chunk: Uint8Array) => hearer.stdout(chunk)),
          ...(stderr && { stderr: hear((chunk: Uint8Array) => stderr.call(hearer, chunk)) }),
        },
        ended: hear((result: InputResult) => ended(readValue(result) as StreamEnd)),
      },
    )
    return {
      send: piece => this.#act(() => running.send(piece)),
      close: () => this.#act(() => running.cancel()),
    }
  }

  /** Lets any input in. Gives what cancels it. */
  enter(input: Input, live: Live): () => void {
    const running = this.#begin(input, live)
    return () => this.#act(() => running.cancel())
  }

  /** What is called within the loop, and may not stop it. */
  #fenced<T extends unknown[]>(
    tell: (...what: T) => void | Promise<void>,
    broke: () => void,
  ): (...what: T) => void {
    const fail = (error: unknown) => {
      this.#failed(error)
      broke()
    }
    return (...what) => {
      try {
        const told = tell(...what)
        if (told instanceof Promise) told.catch(fail)
      } catch (error) {
        fail(error)
      }
    }
  }

  #begin(input: Input, live: Live): Running {
    return this.#act(() => this.cluster.begin(input, live))
  }

  #act<T>(act: () => T): T {
    this.#pace.catchUp()
    const result = act()
    this.#pace.nudge()
    return result
  }
}

function readValue(result: InputResult): unknown {
  if (!result.ok) throw result.error
  return result.value
}
