/**
 * Pod names in little room. What tells pods apart is at the end (a random suffix, an ordinal), what tells workloads
 * apart at the beginning; the template hash in between goes first.
 */
import { cellWidth, truncate } from './spans.ts'

/** `base-94b9786c9-82tch`: the pods of a Deployment. */
const OF_REPLICA_SET = /^(.+)-[a-z0-9]{7,10}-([a-z0-9]{5})$/

/** Fewer characters of a hash tell nothing. */
const LEAST_HASH_CELLS = 2

/** The name in at most `cells` cells: `frontend-94b9786c9-82tch`, `frontend-94…82tch`, `front…82tch`. */
export function shortenName(name: string, cells: number): string {
  if (cellWidth(name) <= cells) return name
  const { head, tail, start } = partsOf(name)
  const room = cells - tail.length - 1
  if (room < 2 || head === '') return truncate(name, cells)
  const kept = room >= head.length + 1 + LEAST_HASH_CELLS ? start.slice(0, room) : head.slice(0, room)
  return `${kept.replace(/-$/, '')}…${tail}`
}

/** Cells below which a name loses more than its hash. */
export function compactCells(name: string): number {
  const { head, tail, start } = partsOf(name)
  return start === head ? cellWidth(name) : head.length + 1 + tail.length
}

/** `head` is the workload, `start` everything before the last dash. */
function partsOf(name: string): { head: string; start: string; tail: string } {
  const dash = name.lastIndexOf('-')
  const start = name.slice(0, Math.max(dash, 0))
  const hashed = OF_REPLICA_SET.exec(name)
  return { head: hashed ? hashed[1]! : start, start, tail: name.slice(dash + 1) }
}
