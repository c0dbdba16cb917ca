import { describe, expect, test } from 'vitest'
import { Pacer } from './pacer.ts'
import { Simulation } from './simulation.ts'

/** A simulation that ticks every 100 ms and says that something changed. */
function ticking() {
  const sim = new Simulation({ seed: 1 })
  const label = sim.label('tick')
  let ticks = 0
  const tick = () => {
    ticks++
    sim.markChanged()
    sim.root.schedule(100, label, tick, undefined)
  }
  sim.root.schedule(100, label, tick, undefined)
  return { sim, ticks: () => ticks }
}

describe('the pacer', () => {
  test('lets virtual time follow the wall clock at its factor', () => {
    const { sim, ticks } = ticking()
    const pacer = new Pacer(sim, 4)
    expect(pacer.tick(66, 1000)).toBe(true)
    expect(sim.now - sim.startMs).toBe(264)
    expect(ticks()).toBe(2)
  })

  test('keeps fractions of a millisecond for the next tick', () => {
    const { sim } = ticking()
    const pacer = new Pacer(sim, 0.1)
    for (let i = 0; i < 10; i++) pacer.tick(66, 1000)
    expect(Math.abs(sim.now - sim.startMs - 66)).toBeLessThanOrEqual(1)
  })

  test('does no more than it may at once, and does not pile up what it owes', () => {
    const { sim, ticks } = ticking()
    const pacer = new Pacer(sim, 100)
    expect(pacer.tick(1000, 5)).toBe(false)
    expect(ticks()).toBe(5)
    pacer.tick(1, 1000)
    expect(ticks()).toBe(6)
  })

  test('plays something else than the bare loop, and stops right after the step that says so', () => {
    const { sim, ticks } = ticking()
    const pacer = new Pacer(sim, 1)
    const playable = { step: (untilMs: number) => sim.step(untilMs), hasStopped: () => ticks() === 3 }
    expect(pacer.tick(1000, 1000, playable)).toBe(true)
    expect(sim.now - sim.startMs).toBe(300)
  })
})
