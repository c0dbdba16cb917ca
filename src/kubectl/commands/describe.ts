/** `kubectl describe`: objects by name, by the beginning of a name, by selector or file, in words. */
import type { AnyKind, KubeObject } from '../../api/index.ts'
import type { Routine } from '../../sim/index.ts'
import type { Command, Invocation } from '../context.ts'
import { describerOf } from '../describe/index.ts'
import { DescriptionWriter } from '../describe/writer.ts'
import { fetchResources, readResources } from '../resources.ts'
import { SELECTION_FLAGS, type Selected, selectObjects } from '../selection.ts'

export const DESCRIBE: Command = {
  name: 'describe',
  flags: [
    ...SELECTION_FLAGS,
    { name: 'show-events', type: 'boolean' },
    { name: 'chunk-size', type: 'integer' },
  ],
  *run(invocation) {
    const { args, namespace, output } = invocation
    const found = yield* find(invocation)
    for (const [i, { kind, object }] of found.exact.entries()) {
      output.out(`${i > 0 ? '\n\n' : ''}${yield* describe(invocation, kind, object)}`)
    }
    for (const { kind, object } of found.byPrefix) {
      output.out(`${yield* describe(invocation, kind, object)}\n`)
    }
    if (found.exact.length + found.byPrefix.length > 0 || invocation.hasFailed) return
    output.err(
      args.flags.isSet('all-namespaces')
        ? 'No resources found\n'
        : `No resources found in ${namespace} namespace.\n`,
    )
  },
}

interface FoundObjects {
  readonly exact: readonly Selected[]
  /** Those whose names begin with what was typed, when none has it for its name. */
  readonly byPrefix: readonly { readonly kind: AnyKind; readonly object: KubeObject }[]
}

function* find(invocation: Invocation): Routine<FoundObjects> {
  const { args, context } = invocation
  const { words, flags } = args
  const options = {
    allByDefault: true,
    whenNothing:
      'error: You must specify the type of resource to describe. Use "kubectl api-resources" for a complete list of supported resources.',
  }
  const isPrefixPossible = words.length === 2 && !words.join('').includes('/') && !flags.has('filename')
  if (!isPrefixPossible) {
    return { exact: yield* selectObjects(invocation, words, options), byPrefix: [] }
  }
  const exact = yield* selectObjects(invocation, words, { ...options, ignoreNotFound: true })
  if (exact.length > 0) return { exact, byPrefix: [] }
  const [type = '', prefix = ''] = words
  const listed = yield* fetchResources(invocation, readResources(context.scheme, [type]), {
    allNamespaces: false,
  })
  const byPrefix = listed.flatMap(({ kind, objects }) =>
    objects.filter(object => object.metadata.name.startsWith(prefix)).map(object => ({ kind, object })),
  )
  // Asked once more for its refusal.
  if (byPrefix.length === 0) yield* selectObjects(invocation, words, options)
  return { exact: [], byPrefix }
}

function* describe(invocation: Invocation, kind: AnyKind, object: KubeObject): Routine<string> {
  const { args, context } = invocation
  const { api, sim } = context
  const showEvents = !args.flags.has('show-events') || args.flags.isSet('show-events')
  const writer = new DescriptionWriter()
  yield* describerOf(kind)({ api, nowMs: sim.now, showEvents }, object, writer)
  return `${writer}`
}
