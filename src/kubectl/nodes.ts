/** What `cordon`, `uncordon` and `drain` share: finding nodes, and closing them to new pods. */
import { type KubeList, type Node, Nodes } from '../api/index.ts'
import { type ApiResult, call, requestFor } from '../client/index.ts'
import type { Routine } from '../sim/index.ts'
import type { Invocation } from './context.ts'
import { KubectlError, statusError } from './kubectl-error.ts'
import type { PrintResult } from './results.ts'
import { dryRunOf } from './write-flags.ts'

/** The nodes that the words name or the selector leaves. Throws KubectlError. */
export function* findNodes(invocation: Invocation, usage: string): Routine<Node[]> {
  const { args, context } = invocation
  const selector = args.flags.text('selector')
  const names = args.words.map(word => word.replace(/^(nodes?|no)\//, ''))
  if (names.length === 0 && selector === undefined) {
    throw new KubectlError(
      `error: USAGE: ${usage} [flags]\nSee 'kubectl ${usage.split(' ')[0]} -h' for help and examples`,
    )
  }
  if (names.length > 0 && selector) {
    throw new KubectlError('error: error: cannot specify both a node name and a --selector option')
  }
  if (names.length === 0) {
    const list: ApiResult<KubeList<Node>> = yield* call(
      context.api,
      requestFor('list', Nodes, '', '', { options: { labelSelector: selector } }),
    )
    if (!list.ok) throw statusError(list.status)
    return [...list.object.items]
  }
  const nodes: Node[] = []
  for (const name of names) {
    const result: ApiResult<Node> = yield* call(context.api, requestFor('get', Nodes, '', name))
    if (!result.ok) throw statusError(result.status)
    nodes.push(result.object)
  }
  return nodes
}

/** Sets spec.unschedulable of every node and says so. */
export function* setUnschedulable(
  invocation: Invocation,
  nodes: readonly Node[],
  isUnschedulable: boolean,
  print: PrintResult,
): Routine<void> {
  const verb = isUnschedulable ? 'cordon' : 'uncordon'
  const dryRun = dryRunOf(invocation.args.flags)
  for (const node of nodes) {
    const { name } = node.metadata
    if ((node.spec?.unschedulable ?? false) === isUnschedulable) {
      print(Nodes, node, `already ${verb}ed`)
      continue
    }
    if (dryRun !== 'client') {
      const result: ApiResult = yield* call(
        invocation.context.api,
        requestFor('patch', Nodes, '', name, {
          body: { spec: { unschedulable: isUnschedulable || null } },
          options: { patchType: 'strategic', dryRun: dryRun === 'server' },
        }),
      )
      if (!result.ok) {
        const what = JSON.stringify(name)
        invocation.output.err(`error: unable to ${verb} node ${what}: ${result.status.message}\n`)
        continue
      }
    }
    print(Nodes, node, `${verb}ed`)
  }
}
