/**
 * What entered a run from outside, and exactly when: with the configuration (and its seed) this is the whole
 * recording. Plain data; it can be written to a file and played again elsewhere.
 */
import type { WebhookAnswer } from '../apiserver/index.ts'
import type { UserInfo } from '../client/index.ts'
import type { SigningAnswer } from '../controllers/index.ts'
import type { ClusterOptions, NodeOptions } from './config.ts'
import type { OutsideRequest } from './outside.ts'
import type { StreamPiece, StreamRequest } from './outside-streams.ts'

/** Something a person or a front end did to the world. */
export type Input =
  | {
      /** A kubectl command line, split into words, with the files it names. */
      readonly do: 'kubectl'
      readonly words: readonly string[]
      readonly files: Readonly<Record<string, string>>
    }
  /** Server-side objects of a manifest, as `kubectl apply` sends them. */
  | { readonly do: 'apply'; readonly manifest: string; readonly file: string }
  /** A request from a pod (`namespace/name`) to a URL. */
  | { readonly do: 'request'; readonly pod: string; readonly url: string }
  /** A node or a component of the control plane. */
  | { readonly do: 'crash' | 'recover'; readonly target: string }
  | { readonly do: 'cut'; readonly a: string; readonly b?: string }
  | { readonly do: 'heal'; readonly a?: string; readonly b?: string }
  | {
      readonly do: 'slow'
      readonly a: string
      readonly b?: string
      readonly latencyMs?: number
      readonly factor?: number
    }
  | { readonly do: 'add-node'; readonly node: NodeOptions }
  /** A request of a client outside, or a watch, which lasts until it ends or is cancelled. */
  | { readonly do: 'api' | 'watch'; readonly user: UserInfo; readonly request: OutsideRequest }
  /** A command in a container or a port of a pod; it lasts until it ends or is cancelled. */
  | { readonly do: 'stream'; readonly stream: StreamRequest }
  /** Something sent into the stream that an earlier input opened, by its place. */
  | { readonly do: 'send'; readonly input: number; readonly piece: StreamPiece }
  /** What a webhook outside has answered to one of the API server's calls, counted from 0. */
  | { readonly do: 'webhook'; readonly call: number; readonly answer: WebhookAnswer }
  /** What the holder of the authority's key has made of one of the orders for a certificate, counted from 0. */
  | { readonly do: 'certificate'; readonly order: number; readonly answer: SigningAnswer }
  /** Gives up an earlier input where it is: its place in the list of inputs, from 0. */
  | { readonly do: 'cancel'; readonly input: number }

/** An input and its place in the run. */
export interface RecordedInput {
  /** Virtual time at which it entered, ms since the Unix epoch. */
  readonly atMs: number
  /** Loop events executed before it. */
  readonly afterEvents: number
  readonly input: Input
}

/** A place in a run: after so many events, at this time. */
export interface Position {
  readonly atMs: number
  readonly events: number
}

export interface Recording {
  readonly version: 1
  readonly options: ClusterOptions
  readonly inputs: readonly RecordedInput[]
  /** Where the recording ends. */
  readonly end: Position
  /** SHA-256 of the trace at the end: a replay that differs has found a bug. */
  readonly sha256: string
}
