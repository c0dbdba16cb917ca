/** `kubectl cordon` and `kubectl uncordon`. */
import type { Command } from '../context.ts'
import { findNodes, setUnschedulable } from '../nodes.ts'
import { resultPrinter } from '../results.ts'
import { WRITE_FLAGS } from '../write-flags.ts'

export const CORDON = command('cordon', true)
export const UNCORDON = command('uncordon', false)

function command(name: string, isUnschedulable: boolean): Command {
  return {
    name,
    flags: [...WRITE_FLAGS, { name: 'selector', short: 'l', type: 'string' }],
    *run(invocation) {
      const nodes = yield* findNodes(invocation, `${name} NODE`)
      yield* setUnschedulable(invocation, nodes, isUnschedulable, resultPrinter(invocation))
    },
  }
}
