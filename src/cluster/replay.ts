/** Playing recorded inputs again, each at exactly its place in the run. */
import { Bug } from '../sim/index.ts'
import type { ClusterOptions } from './config.ts'
import type { RecordedInput } from './recording.ts'
import { type Adapters, World } from './world.ts'

/** The world as it was at a place in the run: after so many events, or with all that happened up to a time. */
export function replay(
  options: ClusterOptions,
  inputs: readonly RecordedInput[],
  to: { readonly atMs: number; readonly events?: number },
  adapters: Adapters,
): World {
  const world = new World(options, adapters)
  world.boot()
  for (const { atMs, afterEvents, input } of inputs) {
    goTo(world, atMs, afterEvents)
    world.enter(input)
  }
  goTo(world, to.atMs, to.events)
  return world
}

function goTo({ sim }: World, atMs: number, events: number | undefined): void {
  if (events === undefined) {
    if (atMs >= sim.now) sim.advance(atMs - sim.now)
    return
  }
  while (sim.events < events) {
    if (!sim.step(atMs)) throw new Bug(`the replay ran out of events at ${sim.events}, before ${events}`)
  }
  sim.skipTo(atMs)
}
