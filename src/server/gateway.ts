/**
 * The way from the sockets into the simulation: every request and watch is a recorded input, let in when the virtual
 * clock has been brought to the present.
 */
import { setMaxListeners } from 'node:events'
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
  World,
} from '../cluster/index.ts'
import type { Pace } from './pace.ts'
import { MOST_UNREAD_BYTES } from './waiting.ts'

/** What a client is told when a bug kept it from its answer. */
export const NO_ANSWER = 'the server could not answer'

/** What is heard of everything that was under way when the cluster was rewound. */
const REWOUND = 'the cluster was rewound'
const NO_RESULT: ApiResult = Object.freeze({
  ok: false,
  code: 0,
  status: Object.freeze(statuses.serviceUnavailable(REWOUND)),
})

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
  /** False when enough waits inside: who sends stops reading from outside until {@link OpenStream.onceRead}. */
  send(piece: StreamPiece): boolean
  /** Calls `resume`, once, when what waits has been read or the stream is over. */
  onceRead(resume: () => void): void
  /** Nothing more is heard of it; a command that still runs is killed. */
  close(): void
}

export class Gateway {
  readonly cluster: Cluster
  readonly #pace: Pace
  readonly #failed: (error: unknown) => void
  /** What is under way in the world at hand, and how each is cut off from it. */
  readonly #cuts = new Set<() => void>()
  readonly #helpers: ((world: World, ending: AbortSignal) => void)[] = []
  #ending = newEnding()
  readonly #forget: () => void
  /** Those who wait until what they sent has been read, and whether it is. */
  readonly #senders = new Map<() => void, () => boolean>()

  /** `failed` hears of bugs in those who are told of what comes out: the world goes on without them. */
  constructor(cluster: Cluster, pace: Pace, failed: (error: unknown) => void) {
    this.cluster = cluster
    this.#pace = pace
    this.#failed = failed
    this.#forget = cluster.whenRewound(() => this.#rewound())
    pace.whenPassed(() => this.#resume())
  }

  /**
   * Calls `help` with the world at hand and with every one that a rewind puts in its place. `ending` is aborted when that
   * world is gone, or the server: what comes later from outside must not enter.
   */
  inEachWorld(help: (world: World, ending: AbortSignal) => void): void {
    this.#helpers.push(help)
    help(this.cluster.world, this.#ending.signal)
  }

  /** Calls `cut` once the world at hand is gone. Gives what ends that, and tells whether it was still to come. */
  whenGone(cut: () => void): () => boolean {
    this.#cuts.add(cut)
    return () => this.#cuts.delete(cut)
  }

  /** Nothing from outside enters any more that was asked for from inside. */
  close(): void {
    this.#forget()
    this.#ending.abort()
  }

  /**
   * Whoever was connected is cut off, as by a server that has died: what they have seen may not have happened. What of
   * theirs is older than the time that was gone back to is still under way in there, for nobody: watches and streams are
   * given up, as inputs of the new future.
   */
  #rewound(): void {
    this.#pace.rewound()
    this.#ending.abort()
    this.#ending = newEnding()
    const cuts = [...this.#cuts]
    this.#cuts.clear()
    for (const cut of cuts) cut()
    this.#resume()
    for (const help of this.#helpers) help(this.cluster.world, this.#ending.signal)
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
    const tell = this.#fenced(reply, broke)
    const forget = this.whenGone(() => tell(NO_RESULT))
    const ended = this.#fenced((result: InputResult) => {
      // What was cut off has been told so.
      if (forget()) tell(readValue(result) as ApiResult)
    }, broke)
    this.enter({ do: 'api', user, request }, { ended })
  }

  /** Opens a watch. Gives what stops it. */
  watch(user: UserInfo, request: OutsideRequest, hearer: WatchHearer): () => void {
    const broke = () => hearer.broke()
    const end = this.#fenced((status: Status | undefined) => hearer.ended(status), broke)
    const forget = this.whenGone(() => {
      end(undefined)
      leave()
    })
    const ended = this.#fenced((result: InputResult) => {
      if (forget()) end((readValue(result) as WatchEnd).status)
    }, broke)
    const watch = {
      opened: this.#fenced(() => hearer.opened(), broke),
      events: this.#fenced((events: readonly WatchEvent[]) => hearer.events(events), broke),
    }
    const leave = this.enter({ do: 'watch', user, request }, { watch, ended })
    return () => {
      forget()
      leave()
    }
  }

  /** Opens a stream into a container or a pod's port. */
  stream(stream: StreamRequest, hearer: StreamHearer, ended: (end: StreamEnd) => void): OpenStream {
    // Those who hold the stream know how to end it: as if the server had. They hear nothing more.
    let isOver = false
    const endAs = (end: StreamEnd) => {
      if (isOver) return
      isOver = true
      const tell = this.#fenced(ended, () => {})
      tell(end)
    }
    const broke = () => endAs({ failure: statuses.internalError(NO_ANSWER) })
    const hear = <T>(tell: (what: T) => void) =>
      this.#fenced((what: T) => {
        if (!isOver) tell(what)
      }, broke)
    const forget = this.whenGone(() => {
      endAs({ error: REWOUND })
      running.cancel()
    })
    const { stderr } = hearer
    const running = this.#begin(
      { do: 'stream', stream },
      {
        stream: {
          stdout: hear((chunk: Uint8Array) => hearer.stdout(chunk)),
          ...(stderr && { stderr: hear((chunk: Uint8Array) => stderr.call(hearer, chunk)) }),
        },
        ended: hear((result: InputResult) => {
          forget()
          ended(readValue(result) as StreamEnd)
          isOver = true
        }),
      },
    )
    const isRead = () => isOver || running.unread() <= MOST_UNREAD_BYTES
    return {
      send: piece => {
        this.#act(() => running.send(piece))
        return isRead()
      },
      onceRead: resume => this.#senders.set(resume, isRead),
      close: () => {
        isOver = true
        forget()
        this.#act(() => running.cancel())
      },
    }
  }

  /** Lets any input in. Gives what cancels it. */
  enter(input: Input, live: Live): () => void {
    const running = this.#begin(input, live)
    return () => this.#act(() => running.cancel())
  }

  #resume(): void {
    for (const [resume, isRead] of this.#senders) {
      if (!isRead()) continue
      this.#senders.delete(resume)
      resume()
    }
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

/** As many as like may wait for it. */
function newEnding(): AbortController {
  const ending = new AbortController()
  setMaxListeners(0, ending.signal)
  return ending
}

function readValue(result: InputResult): unknown {
  if (!result.ok) throw result.error
  return result.value
}
