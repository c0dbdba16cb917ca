/** Server-side apply of one object: `kubectl apply --server-side`. The server keeps who manages which field. */
import type { KubeObject } from '../api/index.ts'
import { type ApiResult, call, requestFor } from '../client/index.ts'
import type { Routine } from '../sim/index.ts'
import type { Invocation } from './context.ts'
import { KubectlError, statusError } from './kubectl-error.ts'
import type { Manifest } from './manifests.ts'
import { dryRunOf, fieldValidationOf } from './write-flags.ts'

/** What a conflict is followed by. */
const ADVICE = `Please review the fields above--they currently have other managers. Here
are the ways you can resolve this warning:
* If you intend to manage all of these fields, please re-run the apply
  command with the \`--force-conflicts\` flag.
* If you do not intend to manage all of the fields, please edit your
  manifest to remove references to the fields that should keep their
  current managers.
* You may co-own fields by updating your manifest to match the existing
  value; in this case, you'll become the manager if the other manager(s)
  stop managing the field (remove it from their configuration).
See https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts`

/** The object as it is now. Throws KubectlError. */
export function* applyOnServer(
  { args: { flags }, context }: Invocation,
  { kind, object, namespace }: Manifest,
): Routine<KubeObject> {
  const { metadata } = object
  const result: ApiResult = yield* call(
    context.api,
    requestFor('patch', kind, namespace, metadata.name ?? '', {
      body: { ...object, metadata: { ...metadata, ...(namespace && { namespace }) } },
      options: {
        patchType: 'apply',
        fieldManager: flags.text('field-manager') ?? 'kubectl',
        force: flags.isSet('force-conflicts'),
        fieldValidation: fieldValidationOf(flags),
        dryRun: dryRunOf(flags) === 'server',
      },
      isFromWire: true,
    }),
  )
  if (result.ok) return result.object
  if (result.status.reason !== 'Conflict') throw statusError(result.status)
  throw new KubectlError(`error: ${result.status.message}\n${ADVICE}`)
}
