/**
 * The way from the sockets into the simulation: every request and watch is a recorded input, let in when the virtual
 * clock has been brought to the present.
 */
import type { Status } from '../api/index.ts'
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

/** What a watch tells the one who holds its socket. */
export interface WatchHearer {
  opened(): void
  events(events: readonly WatchEvent[]): void
  /** With a Status when the server said why. */
  ended(status: Status | undefined): void
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

  constructor(cluster: Cluster, pace: Pace) {
    this.cluster = cluster
    this.#pace = pace
  }

  /** Sends a request; `reply` is called once, unless the cluster ends before. A code of 0 means that no answer came. */
  request(user: UserInfo, request: OutsideRequest, reply: (result: ApiResult) => void): void {
    this.enter({ do: 'api', user, request }, { ended: result => reply(readValue(result) as ApiResult) })
  }

  /** Opens a watch. Gives what stops it. */
  watch(user: UserInfo, request: OutsideRequest, hearer: WatchHearer): () => void {
    const ended = (result: InputResult) => hearer.ended((readValue(result) as WatchEnd).status)
    return this.enter({ do: 'watch', user, request }, { watch: hearer, ended })
  }

  /** Opens a stream into a container or a pod's port. */
  stream(stream: StreamRequest, hearer: StreamHearer, ended: (end: StreamEnd) => void): OpenStream {
    const running = this.#begin(
      { do: 'stream', stream },
      { stream: hearer, ended: result => ended(readValue(result) as StreamEnd) },
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
