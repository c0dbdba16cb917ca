/** `kubectl taint nodes`: adds, changes and removes taints. */
import { type Node, Nodes } from '../../api/index.ts'
import { type ApiResult, call, requestFor } from '../../client/index.ts'
import type { Routine } from '../../sim/index.ts'
import type { Command, Invocation } from '../context.ts'
import { KubectlError, statusError } from '../kubectl-error.ts'
import { type PrintResult, resultPrinter } from '../results.ts'
import { selectObjects } from '../selection.ts'
import { changeTaints, parseTaints, type TaintChanges } from '../taints.ts'
import { dryRunOf, WRITE_FLAGS } from '../write-flags.ts'

export const TAINT: Command = {
  name: 'taint',
  flags: [
    ...WRITE_FLAGS,
    { name: 'selector', short: 'l', type: 'string' },
    { name: 'all', type: 'boolean' },
    { name: 'overwrite', type: 'boolean' },
  ],
  *run(invocation) {
    const { args } = invocation
    const { resources, words } = split(args.words)
    if (resources.length === 0) {
      throw new KubectlError('error: one or more resources must be specified as <resource> <name>')
    }
    if (words.length === 0) throw new KubectlError('error: at least one taint update is required')
    const changes = parseTaints(words)
    checkUse(invocation, resources, changes)
    const print = resultPrinter(invocation, false)
    const isSelected = args.flags.isSet('all') || args.flags.has('selector')
    const found = yield* selectObjects(invocation, isSelected ? ['nodes'] : ['nodes', ...resources.slice(1)])
    for (const { object } of found) {
      try {
        yield* taint(invocation, object as Node, changes, print)
      } catch (error) {
        if (!(error instanceof KubectlError)) throw error
        invocation.fail(error.message)
      }
    }
  },
}

function split(words: readonly string[]): { resources: readonly string[]; words: readonly string[] } {
  const isTaint = (word: string) => /[=:]/.test(word) || word.endsWith('-')
  const first = words.findIndex(isTaint)
  if (first < 0) return { resources: words, words: [] }
  const late = words.slice(first).find(word => !isTaint(word))
  if (late !== undefined) {
    throw new KubectlError(`error: all resources must be specified before taint changes: ${late}`)
  }
  return { resources: words.slice(0, first), words: words.slice(first) }
}

function checkUse(invocation: Invocation, resources: readonly string[], changes: TaintChanges): void {
  const { args, context } = invocation
  const [type = ''] = resources
  if (context.scheme.lookup(type) !== Nodes) {
    throw new KubectlError(
      `error: invalid resource type ${type.toLowerCase()}, only node types are supported`,
    )
  }
  const both = changes.remove.filter(removal =>
    changes.add.some(
      added => added.key === removal.key && (removal.effect === '' || added.effect === removal.effect),
    ),
  )
  if (both.length > 0) {
    const names = both.map(removal => `${removal.key}=${removal.effect}`).join(', ')
    throw new KubectlError(
      `error: can not both modify and remove the following taint(s) in the same command: ${names}`,
    )
  }
  const { flags } = args
  if (flags.isSet('all') && flags.has('selector')) {
    throw new KubectlError("error: setting 'all' parameter with a non empty selector is prohibited")
  }
  if (!flags.isSet('all') && !flags.has('selector') && resources.length < 2) {
    throw new KubectlError(
      "error: at least one resource name must be specified since 'all' parameter is not set",
    )
  }
}

function* taint(
  invocation: Invocation,
  node: Node,
  changes: TaintChanges,
  print: PrintResult,
): Routine<void> {
  const { flags } = invocation.args
  const { name } = node.metadata
  const { taints, operation } = changeTaints(name, node.spec?.taints ?? [], changes, flags.isSet('overwrite'))
  const dryRun = dryRunOf(flags)
  if (dryRun === 'client') {
    print(Nodes, { ...node, spec: { ...node.spec, taints } } as Node, operation)
    return
  }
  const result: ApiResult = yield* call(
    invocation.context.api,
    requestFor('patch', Nodes, '', name, {
      body: { spec: { taints: taints.length > 0 ? taints : null } },
      options: { patchType: 'strategic', dryRun: dryRun === 'server', fieldManager: 'kubectl-taint' },
      isFromWire: true,
    }),
  )
  if (!result.ok) throw statusError(result.status)
  print(Nodes, result.object, operation)
}
