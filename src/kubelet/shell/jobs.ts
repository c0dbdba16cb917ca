/** Background commands: processes of their own that signals reach. */
import type { Label, Routine } from '../../sim/index.ts'
import { type ContainerProcess, derive } from '../program.ts'
import { signalNumber } from '../runtime/process-table.ts'
import type { Job } from './state.ts'

/** Starts at once, and lives until it ends, is killed, or its container ends. */
export function startJob(
  parent: ContainerProcess,
  label: Label,
  text: string,
  routine: (process: ContainerProcess) => Routine<number>,
): Job {
  const scope = parent.scope.child('job')
  let heard: (() => void) | undefined
  const end = (exitCode: number) => {
    if (job.exitCode !== undefined) return
    job.exitCode = exitCode
    parent.processes.remove(entry.pid)
    scope.close()
    for (const wake of job.waiters.splice(0)) wake()
  }
  const entry = parent.processes.add({
    parent: parent.pid,
    argv: text.split(/\s+/),
    startedMs: scope.sim.now,
    signal: signal => {
      if (signal === 'CONT' || signal === 'STOP') return
      if (signal === 'TERM' && heard) heard()
      else end(128 + signalNumber(signal))
    },
  })
  const job: Job = { pid: entry.pid, text, exitCode: undefined, waiters: [] }
  const process = derive(parent, {
    scope,
    pid: entry.pid,
    *terminated() {
      yield {
        arm: waiting => {
          heard = () => waiting.resume()
        },
      }
    },
  })
  scope.spawn(label, routine(process), end)
  return job
}
