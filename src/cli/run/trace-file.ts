/**
 * `--trace FILE`: every trace record as a line of JSON; before each lesson's records a line that names it.
 */
import { closeSync, openSync, writeSync } from 'node:fs'
import type { FileResult } from './play-file.ts'

const RECORDS_A_WRITE = 10_000

/** Writes the records of all files. Times are virtual ms since the Unix epoch. */
export function writeTrace(path: string, results: readonly FileResult[]): void {
  const out = openSync(path, 'w')
  try {
    for (const { file, lesson } of results) {
      if (!lesson) continue
      const { seed, trace } = lesson.cluster.sim
      writeSync(out, `${JSON.stringify({ file, seed, records: trace.length, sha256: trace.digest() })}\n`)
      for (let from = 1; from <= trace.length; from += RECORDS_A_WRITE) {
        const lines: string[] = []
        for (let id = from; id < from + RECORDS_A_WRITE && id <= trace.length; id++) {
          const record = trace.read(id)
          if (record) lines.push(JSON.stringify(record))
        }
        writeSync(out, `${lines.join('\n')}\n`)
      }
    }
  } finally {
    closeSync(out)
  }
}
