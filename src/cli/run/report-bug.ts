/**
 * A bug of ours, told so that it can be seen again: seed, virtual time, the last trace records, the command.
 */
import { clockTime, type Lesson } from '../../scenario/index.ts'
import { type TraceRecord, UserError } from '../../sim/index.ts'

const LAST_RECORDS = 20

/** Everything that is no person's mistake. */
export function isBug(error: unknown): boolean {
  return !(error instanceof UserError)
}

/** Everything needed to see it again. */
export function formatBug(file: string, lesson: Lesson | undefined, error: unknown, seed?: number): string {
  const what = error instanceof Error ? (error.stack ?? error.message) : String(error)
  const lines = [`bug: ${what}`]
  if (lesson) {
    const { sim } = lesson.cluster
    const step = lesson.current
    lines.push(
      `  at ${file}:${step?.line ?? 1}, seed ${sim.seed}, virtual time ${clockTime(sim)} (${sim.events} events)`,
      '  last trace records:',
      ...lastRecords(lesson).map(record => `    ${formatRecord(record)}`),
    )
  }
  const again = lesson?.cluster.sim.seed ?? seed
  lines.push(`  see it again: npx kubarium run ${file}${again === undefined ? '' : ` --seed ${again}`}`)
  return `${lines.join('\n')}\n`
}

function lastRecords(lesson: Lesson): TraceRecord[] {
  const { trace } = lesson.cluster.sim
  const from = Math.max(1, trace.length - LAST_RECORDS + 1)
  return Array.from({ length: trace.length - from + 1 }, (_, i) => trace.read(from + i)!)
}

function formatRecord({ id, atMs, cause, label, subject, detail }: TraceRecord): string {
  const parts = [`#${id}`, clockTime({ now: atMs }), label, subject, detail === 0 ? '' : String(detail)]
  return `${parts.filter(part => part !== '').join(' ')}${cause === 0 ? '' : ` (because of #${cause})`}`
}
