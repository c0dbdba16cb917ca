/** `sim add node node-4 --cpu=2 --label=disk=ssd`: a machine is plugged in and switched on. */
import type { NodeOptions, TaintOptions } from '../../cluster/index.ts'
import { UserError } from '../../sim/index.ts'
import { enter } from '../play.ts'
import { expectWords, flagOf, type Verb, type VerbCall } from './verb.ts'

export const ADD: Verb = {
  name: 'add',
  usage: 'add node NAME [--cpu=4] [--memory=8Gi] [--label=KEY=VALUE]... [--taint=KEY=VALUE:EFFECT]...',
  flags: ['cpu', 'memory', 'label', 'taint'],
  read(call) {
    const [what, name = ''] = expectWords(call, ADD.usage, 2)
    if (what !== 'node') {
      throw new UserError(`${what} cannot be added`, {
        where: call.where(what ?? 'add'),
        mend: `Write: sim ${ADD.usage}`,
      })
    }
    const node: NodeOptions = {
      name,
      cpu: flagOf(call, 'cpu'),
      memory: flagOf(call, 'memory'),
      labels: Object.fromEntries((call.flags.get('label') ?? []).map(text => readLabel(call, text))),
      taints: (call.flags.get('taint') ?? []).map(text => readTaint(call, text)),
    }
    return function* ({ cluster }) {
      yield* enter(cluster, { do: 'add-node', node })
    }
  },
}

function readLabel(call: VerbCall, text: string): [string, string] {
  const equals = text.indexOf('=')
  if (equals > 0) return [text.slice(0, equals), text.slice(equals + 1)]
  throw new UserError(`${JSON.stringify(text)} is no label`, {
    where: call.where(text),
    mend: 'Write --label=KEY=VALUE.',
  })
}

function readTaint(call: VerbCall, text: string): TaintOptions {
  const match = /^([^=:]+)(?:=([^:]*))?:(NoSchedule|PreferNoSchedule|NoExecute)$/.exec(text)
  if (!match) {
    throw new UserError(`${JSON.stringify(text)} is no taint`, {
      where: call.where(text),
      mend: 'Write --taint=KEY=VALUE:NoSchedule.',
    })
  }
  const [, key = '', value, effect] = match
  return { key, ...(value !== undefined && { value }), effect: effect as TaintOptions['effect'] }
}
