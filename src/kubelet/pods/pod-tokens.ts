/**
 * The service account tokens in a pod's volumes. Mirrors `pkg/kubelet/token`, which fetches a token when the volume is
 * mounted and again when four fifths of its time are over; here that is worked out, and the token made, when somebody
 * looks into the file.
 */
import type { ServiceAccountTokenProjection } from 'kubernetes-types/core/v1.js'
import type { Pod } from '../../api/index.ts'
import type { Credentials } from '../credentials.ts'
import type { LazyText } from '../files/tree.ts'

const DEFAULT_SECONDS = 3600
/** A token is renewed after this part of its time, or after a day. */
const RENEWAL = 0.8
const DAY_MS = 24 * 3_600_000

interface Known {
  readonly round: number
  readonly text: LazyText
}

/** Whose tokens they are. */
export interface TokenOwner {
  readonly pod: Pod
  /** When the pod came to the node. */
  readonly admittedMs: number
}

export class PodTokens {
  readonly #owner: TokenOwner
  readonly #credentials: Credentials
  readonly #clock: { readonly now: number }
  /** By audience and seconds. */
  #known: Map<string, Known> | undefined

  constructor(owner: TokenOwner, credentials: Credentials, clock: { readonly now: number }) {
    this.#owner = owner
    this.#credentials = credentials
    this.#clock = clock
  }

  /** How often the token has been renewed by now. */
  round(projection: ServiceAccountTokenProjection): number {
    return Math.floor((this.#clock.now - this.#owner.admittedMs) / periodMs(projection))
  }

  /** The token as it is now: the same value until it is renewed. */
  text(projection: ServiceAccountTokenProjection): LazyText {
    const { audience, expirationSeconds: seconds = DEFAULT_SECONDS } = projection
    const round = this.round(projection)
    const key = `${seconds} ${audience ?? ''}`
    this.#known ??= new Map()
    const known = this.#known.get(key)
    if (known?.round === round) return known.text
    const issuedMs = this.#owner.admittedMs + round * periodMs(projection)
    // Where none is to be had, the old one stays as long as it lasts.
    const text: LazyText = () =>
      this.#credentials.token(this.#owner.pod, { audience, seconds, issuedMs }) ?? known?.text() ?? ''
    this.#known.set(key, { round, text })
    return text
  }
}

function periodMs({ expirationSeconds = DEFAULT_SECONDS }: ServiceAccountTokenProjection): number {
  return Math.min(Math.floor(expirationSeconds * 1000 * RENEWAL), DAY_MS)
}
