/**
 * The line a run ends with: its fingerprint and its size. Two runs with the same fingerprint were the same run.
 */
import { formatDuration } from '../../api/index.ts'
import { nodeSha256 } from '../sha256.ts'
import type { FileResult } from './play-file.ts'

export interface TraceSummary {
  /** 64 hex digits; over several files the hash of their hashes, one a line. */
  readonly sha256: string
  /** Loop events. */
  readonly events: number
  readonly virtualMs: number
  readonly wallMs: number
}

/** Undefined for a file whose cluster never came to be. */
export function summariseFile({ lesson, wallMs }: FileResult): TraceSummary | undefined {
  if (!lesson) return undefined
  const { sim } = lesson.cluster
  return { sha256: sim.trace.digest(), events: sim.events, virtualMs: sim.now - sim.startMs, wallMs }
}

/** Over all files; `wallMs` is the whole process's. */
export function summariseAll(results: readonly FileResult[], wallMs: number): TraceSummary {
  const parts = results.flatMap(result => summariseFile(result) ?? [])
  const [only] = parts
  const text = parts.map(part => `${part.sha256}\n`).join('')
  return {
    sha256: only && parts.length === 1 ? only.sha256 : toHex(nodeSha256(new TextEncoder().encode(text))),
    events: parts.reduce((sum, part) => sum + part.events, 0),
    virtualMs: parts.reduce((sum, part) => sum + part.virtualMs, 0),
    wallMs,
  }
}

/** `trace sha256:HEX events:N virtual:DURATION wall:DURATION` */
export function formatSummary({ sha256, events, virtualMs, wallMs }: TraceSummary): string {
  const [virtual, wall] = [formatDuration(virtualMs), formatDuration(Math.round(wallMs))]
  return `trace sha256:${sha256} events:${events} virtual:${virtual} wall:${wall}`
}

function toHex(bytes: Uint8Array): string {
  return [...bytes].map(byte => byte.toString(16).padStart(2, '0')).join('')
}
