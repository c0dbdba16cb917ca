/** Virtual time as people read it in a lesson. */
import { formatTime, type Simulation } from '../sim/index.ts'

/** `00:01:30.250`: the time of day, with milliseconds. */
export function clockTime(sim: Pick<Simulation, 'now'>): string {
  return `${formatTime(sim.now).slice(11, 19)}.${String(sim.now % 1000).padStart(3, '0')}`
}
