/**
 * How V8 is to treat a program that is over in a second, or runs ten thousand pods. Figures are in
 * docs/decisions/0012-a-short-run-is-short.md.
 */
import { setFlagsFromString } from 'node:v8'

/** The V8 of Node 20, for which the flags were measured: later ones have a quicker compiler and other flags. */
const isMeasured = process.versions.v8.startsWith('11.3.')

/** As on Node's command line: `--name=number` or `--no-name`. */
export const ENGINE_FLAGS: readonly string[] = isMeasured
  ? [
      // Functions are optimised once they are really hot: most runs are over before more would pay.
      '--interrupt-budget=170000',
      // Each with little of what it calls: that is compiled in half the time and runs as fast.
      '--max-inlined-bytecode-size-cumulative=200',
      // What survives in the nursery is copied sooner than helpers are woken up.
      '--no-parallel-scavenge',
      // Sites whose objects once lived long do not always make such.
      '--no-allocation-site-pretenuring',
    ]
  : []

/** To be called when the command's code is loaded: V8 takes compiled code only under the flags it was compiled with. */
export function tuneEngine(): void {
  for (const flag of ENGINE_FLAGS) setFlagsFromString(flag)
}
