/**
 * `kubectl get`: tables, YAML, JSON, names, JSONPath and custom columns; lists, names, selectors, several kinds.
 * A watch (`-w`) needs an end in virtual time: `--request-timeout=30s`.
 */
import { type AnyKind, type KubeObject, parseDuration } from '../../api/index.ts'
import { requestFor, type WatchEvent } from '../../client/index.ts'
import { type Routine, sleep } from '../../sim/index.ts'
import type { FlagSpec, Flags } from '../arguments.ts'
import type { Command, Invocation } from '../context.ts'
import { KubectlError } from '../kubectl-error.ts'
import { FILE_FLAGS, readManifests } from '../manifests.ts'
import { selectPath } from '../printers/jsonpath.ts'
import { type OutputFormat, parseOutputFormat, printObjects, printTable } from '../printers/output-format.ts'
import { type Found, fetchResources, type ResourceRequest, readResources } from '../resources.ts'

const FLAGS: readonly FlagSpec[] = [
  ...FILE_FLAGS,
  { name: 'output', short: 'o', type: 'string' },
  { name: 'all-namespaces', short: 'A', type: 'boolean' },
  { name: 'selector', short: 'l', type: 'string' },
  { name: 'field-selector', type: 'string' },
  { name: 'no-headers', type: 'boolean' },
  { name: 'show-labels', type: 'boolean' },
  { name: 'show-kind', type: 'boolean' },
  { name: 'show-managed-fields', type: 'boolean' },
  { name: 'label-columns', short: 'L', type: 'list' },
  { name: 'sort-by', type: 'string' },
  { name: 'ignore-not-found', type: 'boolean' },
  { name: 'watch', short: 'w', type: 'boolean' },
  { name: 'watch-only', type: 'boolean' },
  { name: 'output-watch-events', type: 'boolean' },
  { name: 'chunk-size', type: 'integer' },
]

export const GET: Command = {
  name: 'get',
  flags: FLAGS,
  *run(invocation) {
    const { args, context } = invocation
    const { flags } = args
    const format = parseOutputFormat(flags.text('output'), context.readFile, !flags.isSet('no-headers'))
    const requests = whatFor(invocation)
    if (flags.isSet('watch') || flags.isSet('watch-only')) {
      yield* watch(invocation, requests, format)
      return
    }
    const found = yield* fetchResources(invocation, requests, {
      allNamespaces: flags.isSet('all-namespaces'),
      labelSelector: flags.text('selector'),
      fieldSelector: flags.text('field-selector'),
      ignoreNotFound: flags.isSet('ignore-not-found'),
    })
    const sorted = sortFound(found, flags.text('sort-by'))
    if (format.type === 'table') printTables(invocation, sorted, format.isWide)
    else printOther(invocation, sorted, format)
  },
}

function whatFor(invocation: Invocation): ResourceRequest[] {
  const { args, context } = invocation
  if (args.flags.has('filename')) {
    return readManifests(invocation).map(({ kind, object }) => ({
      kind,
      names: [object.metadata.name ?? ''],
    }))
  }
  const requests = readResources(context.scheme, args.words)
  if (requests.length === 0) {
    throw new KubectlError(
      'You must specify the type of resource to get. Use "kubectl api-resources" for a complete list of supported resources.\n\nerror: Required resource not specified.\nUse "kubectl explain <resource>" for a detailed description of that resource (e.g. kubectl explain pods).\nSee \'kubectl get -h\' for help and examples',
    )
  }
  const isSelected = args.flags.has('selector') || args.flags.has('field-selector')
  if (isSelected && requests.some(request => request.names)) {
    throw new KubectlError('error: name cannot be provided when a selector is specified')
  }
  if (args.flags.isSet('all-namespaces') && requests.some(request => request.names)) {
    throw new KubectlError('error: a resource cannot be retrieved by name across all namespaces')
  }
  return requests
}

function printTables(invocation: Invocation, found: readonly Found[], isWide: boolean): void {
  const { args, context, output } = invocation
  const filled = groupByKind(found).filter(({ objects }) => objects.length > 0)
  const hasNamespace = args.flags.isSet('all-namespaces')
  const hasKind = args.flags.isSet('show-kind') || new Set(found.map(({ kind }) => kind)).size > 1
  if (filled.length === 0) {
    const wasList = found.some(({ isList }) => isList)
    const isScoped = found.some(({ kind }) => kind.isNamespaced) && !hasNamespace
    if (wasList && !args.flags.isSet('ignore-not-found')) {
      output.err(
        isScoped ? `No resources found in ${invocation.namespace} namespace.\n` : 'No resources found\n',
      )
    }
    return
  }
  filled.forEach(({ kind, objects }, i) => {
    if (i > 0) output.out('\n')
    output.out(
      printTable(kind, objects, context.sim.now, {
        ...tableFlags(args.flags),
        isWide,
        hasNamespace,
        hasKind,
      }),
    )
  })
}

function tableFlags(flags: Flags) {
  return {
    hasHeader: !flags.isSet('no-headers'),
    showLabels: flags.isSet('show-labels'),
    labelColumns: flags.list('label-columns'),
  }
}

/** Several names of one kind make one table. */
function groupByKind(found: readonly Found[]): Found[] {
  const groups: { kind: AnyKind; objects: KubeObject[]; isList: boolean }[] = []
  for (const { kind, objects, isList } of found) {
    const last = groups.at(-1)
    if (last && last.kind === kind) last.objects.push(...objects)
    else groups.push({ kind, objects: [...objects], isList })
  }
  return groups
}

function printOther(
  invocation: Invocation,
  found: readonly Found[],
  format: Exclude<OutputFormat, { type: 'table' }>,
): void {
  const all = found.flatMap(({ kind, objects }) => objects.map(object => ({ kind, object })))
  const isList = found.some(part => part.isList) || all.length > 1
  if (all.length === 0 && !isList) return
  const showsManaged = invocation.args.flags.isSet('show-managed-fields')
  invocation.output.out(printObjects(format, all, isList, showsManaged))
}

function sortFound(found: readonly Found[], path: string | undefined): readonly Found[] {
  if (!path) return found
  const keyOf = (object: KubeObject) => selectPath(path, object)[0]
  return found.map(part => ({
    ...part,
    objects: [...part.objects].sort((a, b) => compare(keyOf(a), keyOf(b))),
  }))
}

function compare(a: unknown, b: unknown): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? -1 : 1
  if (typeof a === 'number' && typeof b === 'number') return a - b
  return String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0
}

/** Prints every change until `--request-timeout` is over. */
function* watch(
  invocation: Invocation,
  requests: readonly ResourceRequest[],
  format: OutputFormat,
): Routine<void> {
  const { args, context, namespace } = invocation
  const [request, ...more] = requests
  if (!request || more.length > 0 || (request.names?.length ?? 0) > 1) {
    throw new KubectlError('error: you may only specify a single resource type')
  }
  const timeoutMs = parseDuration(args.flags.text('request-timeout') ?? '')
  if (timeoutMs === undefined) {
    throw new KubectlError('error: in virtual time a watch needs an end: add --request-timeout=30s')
  }
  const { kind } = request
  const scope = args.flags.isSet('all-namespaces') || !kind.isNamespaced ? '' : namespace
  let hasHeader = !args.flags.isSet('no-headers')
  const show = (event: WatchEvent) => {
    if (event.type === 'BOOKMARK') return
    if (format.type !== 'table') {
      invocation.output.out(
        printObjects(
          format,
          [{ kind, object: event.object }],
          false,
          args.flags.isSet('show-managed-fields'),
        ),
      )
      return
    }
    const text = printTable(kind, [event.object], context.sim.now, {
      ...tableFlags(args.flags),
      isWide: format.isWide,
      hasNamespace: args.flags.isSet('all-namespaces'),
      hasKind: args.flags.isSet('show-kind'),
      hasHeader,
    })
    hasHeader = false
    invocation.output.out(text)
  }
  const name = request.names?.[0]
  const nameSelector = name === undefined ? undefined : `metadata.name=${name}`
  const handle = context.api.watch(
    requestFor('watch', kind, scope, '', {
      options: {
        labelSelector: args.flags.text('selector'),
        fieldSelector: args.flags.text('field-selector') ?? nameSelector,
      },
    }),
    { deliver: events => events.forEach(show), closed: () => {} },
  )
  try {
    yield* sleep(timeoutMs)
  } finally {
    handle.stop()
  }
}
