/**
 * `kubectl apply -f`: every object of the files, worked out here or, with `--server-side`, by the server. Pruning is
 * refused; fields of an earlier client-side apply are not handed over to the server-side one.
 */
import { applyObject, LAST_APPLIED } from '../apply-object.ts'
import { applyOnServer } from '../apply-on-server.ts'
import type { Command, Invocation } from '../context.ts'
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
    { name: 'force-conflicts', type: 'boolean' },
    { name: 'prune', type: 'boolean' },
    { name: 'force', type: 'boolean' },
    { name: 'overwrite', type: 'boolean' },
    { name: 'wait', type: 'boolean' },
  ],
  *run(invocation) {
    const { args, context, output } = invocation
    for (const flag of ['prune', 'force']) {
      if (args.flags.isSet(flag)) throw new KubectlError(`error: --${flag} is not modelled`)
    }
    const isServerSide = args.flags.isSet('server-side')
    checkServerSide(invocation, isServerSide)
    const format = parseOutputFormat(args.flags.text('output'), context.readFile)
    const dryRun = dryRunOf(args.flags)
    for (const manifest of readManifests(invocation)) {
      const { kind, object, namespace, file } = manifest
      const name = displayName(kind, object.metadata.name ?? '')
      try {
        const { name: given, generateName } = object.metadata
        if (!given && generateName) {
          throw new KubectlError(`error: from ${generateName}: cannot use generate name with apply`)
        }
        if (isServerSide) {
          const object = yield* applyOnServer(invocation, manifest)
          output.out(
            format.type === 'table'
              ? `${name} serverside-applied${dryRunSuffix(dryRun)}\n`
              : printObjects(format, [{ kind, object }], false),
          )
          continue
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

/** Throws KubectlError for flags that do not go together. */
function checkServerSide({ args: { flags } }: Invocation, isServerSide: boolean): void {
  if (!isServerSide && flags.isSet('force-conflicts')) {
    throw new KubectlError('error: --force-conflicts only works with --server-side')
  }
  if (isServerSide && dryRunOf(flags) === 'client') {
    throw new KubectlError(
      "error: --dry-run=client doesn't work with --server-side (did you mean --dry-run=server instead?)",
    )
  }
}
