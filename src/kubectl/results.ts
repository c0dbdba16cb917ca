/**
 * What became of an object: `deployment.apps/web scaled`, or the object itself with `-o`. Mirrors cli-runtime's
 * PrintFlags and its name printer.
 */
import type { AnyKind, KubeObject } from '../api/index.ts'
import type { Invocation } from './context.ts'
import { parseOutputFormat, printObjects } from './printers/output-format.ts'
import { dryRunOf, dryRunSuffix } from './write-flags.ts'

/** Prints one object and what was done to it ('' for its name alone). */
export type PrintResult = (kind: AnyKind, object: KubeObject, operation: string) => void

/**
 * A printer for the flags of this call. Throws KubectlError for a bad `-o` or `--dry-run`. Some verbs do not say
 * that they ran dry: `tellsDryRun`.
 */
export function resultPrinter(invocation: Invocation, tellsDryRun = true): PrintResult {
  const { args, context, output } = invocation
  const format = parseOutputFormat(args.flags.text('output'), context.readFile)
  const dryRun = dryRunOf(args.flags)
  const suffix = tellsDryRun ? dryRunSuffix(dryRun) : ''
  let isFirst = true
  return (kind, object, operation) => {
    if (format.type !== 'table') {
      if (format.type === 'yaml' && !isFirst) output.out('---\n')
      isFirst = false
      output.out(printObjects(format, [{ kind, object }], false))
      return
    }
    const name = nameOf(object)
    output.out(operation === '' ? `${name}${suffix}\n` : `${name} ${operation}${suffix}\n`)
  }
}

/** `deployment.apps/web`, as the object's own apiVersion and kind have it: a Scale is no Deployment. */
function nameOf(object: KubeObject): string {
  const [group = '', version] = object.apiVersion.split('/')
  const type = object.kind.toLowerCase()
  return `${version === undefined ? type : `${type}.${group}`}/${object.metadata.name}`
}
