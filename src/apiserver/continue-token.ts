/**
 * The opaque token by which a list goes on where its last page ended, at the same revision. Upstream's form: JSON
 * in URL-safe base64 (`storage/continue.go`).
 */
import { decodeBase64, encodeBase64, statuses } from '../api/index.ts'
import { refuse } from './core.ts'

export interface ContinueToken {
  /** -1: at whatever revision there is when it is used. */
  readonly revision: number
  /** The first key of the next page, relative to the list's prefix. */
  readonly start: string
}

export function encodeToken({ revision, start }: ContinueToken): string {
  const json = JSON.stringify({ v: 'meta.k8s.io/v1', rv: revision, start })
  return encodeBase64(json).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

/** Throws ApiError 400 for what is no token of ours. */
export function decodeToken(token: string): ContinueToken {
  try {
    const json = decodeBase64(token.replaceAll('-', '+').replaceAll('_', '/'))
    const { v, rv, start } = JSON.parse(json) as { v?: unknown; rv?: unknown; start?: unknown }
    if (v === 'meta.k8s.io/v1' && Number.isInteger(rv) && typeof start === 'string') {
      return { revision: rv as number, start }
    }
  } catch {
    // What it was is of no use to anyone: one answer for all that is not ours.
  }
  return refuse(statuses.badRequest('continue key is not valid: the token is not one that this server gave'))
}
