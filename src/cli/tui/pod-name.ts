/**
 * Pod names in little room. What tells pods apart is at the end (a random suffix, an ordinal), what tells workloads
 * apart at the beginning; the template hash in between goes first.
 */
import { cellWidth, truncate } from './spans.ts'

/** `base-94b9786c9-82tch`: the pods of a Deployment. */
const OF_REPLICA_SET = /^(.+)-[a-z0-9]{7,10}-([a-z0-9]{5})$/

/** The name in at most `cells` cells: `frontend-94b9786c9-82tch`, `frontend…82tch`, `front…82tch`. */
export function shortenName(name: string, cells: number): string {
  if (cellWidth(name) <= cells) return name
  const hashed = OF_REPLICA_SET.exec(name)
  const head = hashed ? hashed[1]! : name.slice(0, Math.max(name.lastIndexOf('-'), 0))
  const tail = hashed ? hashed[2]! : name.slice(name.lastIndexOf('-') + 1)
  const room = cells - tail.length - 1
  if (room < 2 || head === '') return truncate(name, cells)
  return `${head.slice(0, room).replace(/-$/, '')}…${tail}`
}
