/**
 * `kubectl apply -f`: client-side apply of every object of the files. Server-side apply and pruning are refused.
 */
import { applyObject, LAST_APPLIED } from '../apply-object.ts'
import type { Command } from '../context.ts'
import { KubectlError, statusErrorOf } from '../kubectl-error.ts'
import { FILE_FLAGS, readManifests } from '../manifests.ts'
import { parseOutputFormat, printObjects } from '../printers/output-format.ts'
import { displayName } from '../resources.ts'
import { dryRunOf, dryRunSuffix, fieldValidationOf, WRITE_FLAGS } from '../write-flags.ts'

export const APPLY: Command = {
  name: 'apply',
  flags: [
    ...FILE_FLAGS,
    ...WRITE_FLAGS,
    { name: 'server-side', type: 'boolean' },
    { name: 'prune', type: 'boolean' },
    { name: 'force', type: 'boolean' },
    { name: 'overwrite', type: 'boolean' },
    { name: 'wait', type: 'boolean' },
  ],
  *run(invocation) {
    const { args, context, output } = invocation
    for (const flag of ['server-side', 'prune', 'force']) {
      if (args.flags.isSet(flag)) throw new KubectlError(`error: --${flag} is not modelled`)
    }
    const format = parseOutputFormat(args.flags.text('output'), context.readFile)
    const dryRun = dryRunOf(args.flags)
    for (const { kind, object, namespace, file } of readManifests(invocation)) {
      const name = displayName(kind, object.metadata.name ?? '')
      try {
        const { name: given, generateName } = object.metadata
        if (!given && generateName) {
          throw new KubectlError(`error: from ${generateName}: cannot use generate name with apply`)
        }
        const options = { dryRun: dryRun !== undefined, fieldValidation: fieldValidationOf(args.flags) }
        const applied = yield* applyObject(context.api, kind, namespace, object, options, (result, doing) => {
          throw statusErrorOf(doing, file, result.status)
        })
        if (applied.wasForeign) {
          output.err(
            `Warning: resource ${kind.plural}/${object.metadata.name} is missing the ${LAST_APPLIED} annotation which is required by kubectl apply. kubectl apply should only be used on resources created declaratively by either kubectl create --save-config or kubectl apply. The missing annotation will be patched automatically.\n`,
          )
        }
        output.out(
          format.type === 'table'
            ? `${name} ${applied.verb}${dryRunSuffix(dryRun)}\n`
            : printObjects(format, [{ kind, object: applied.object }], false),
        )
      } catch (error) {
        if (!(error instanceof KubectlError)) throw error
        invocation.fail(error.message)
      }
    }
  },
}
