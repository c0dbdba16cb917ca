/**
 * `kubectl create -f`, and the generators people type: `create deployment`, `create namespace`, `create configmap`,
 * `create secret generic`, `create service clusterip`, `create job`, `create serviceaccount`.
 */
import type { AnyKind, KubeObject, NewObject } from '../../api/index.ts'
import { type ApiResult, call, requestFor } from '../../client/index.ts'
import type { Routine } from '../../sim/index.ts'
import { withLastApplied } from '../apply-object.ts'
import type { FlagSpec } from '../arguments.ts'
import type { Command, Invocation } from '../context.ts'
import { generate } from '../generators.ts'
import { KubectlError, statusError } from '../kubectl-error.ts'
import { FILE_FLAGS, readManifests } from '../manifests.ts'
import { parseOutputFormat, printObjects } from '../printers/output-format.ts'
import { displayName } from '../resources.ts'
import { dryRunOf, dryRunSuffix, fieldValidationOf, WRITE_FLAGS } from '../write-flags.ts'

export const GENERATOR_FLAGS: readonly FlagSpec[] = [
  { name: 'image', type: 'list' },
  { name: 'replicas', short: 'r', type: 'integer' },
  { name: 'port', type: 'string' },
  { name: 'from-literal', type: 'list' },
  { name: 'from-file', type: 'list' },
  { name: 'tcp', type: 'list' },
  { name: 'from', type: 'string' },
]

export const CREATE: Command = {
  name: 'create',
  flags: [...FILE_FLAGS, ...WRITE_FLAGS, ...GENERATOR_FLAGS, { name: 'save-config', type: 'boolean' }],
  *run(invocation) {
    const { args } = invocation
    if (args.flags.has('filename')) {
      for (const { kind, object, namespace } of readManifests(invocation)) {
        try {
          yield* create(invocation, kind, namespace, object)
        } catch (error) {
          if (!(error instanceof KubectlError)) throw error
          invocation.fail(error.message)
        }
      }
      return
    }
    if (args.words.length === 0) throw new KubectlError('error: must specify one of -f and -k')
    const { kind, object } = generate(invocation)
    yield* create(invocation, kind, kind.isNamespaced ? invocation.namespace : '', object)
  },
}

/** Creates one object and prints that it did. Throws KubectlError. */
export function* create(
  invocation: Invocation,
  kind: AnyKind,
  namespace: string,
  object: NewObject<KubeObject>,
): Routine<void> {
  const { args, context, output } = invocation
  const format = parseOutputFormat(args.flags.text('output'), context.readFile)
  const dryRun = dryRunOf(args.flags)
  const body = args.flags.isSet('save-config') ? withLastApplied(object, namespace) : object
  let stored = body as unknown as KubeObject
  if (dryRun !== 'client') {
    const result: ApiResult = yield* call(
      context.api,
      requestFor('create', kind, namespace, '', {
        body,
        isFromWire: true,
        options: {
          dryRun: dryRun === 'server',
          fieldValidation: fieldValidationOf(args.flags),
          fieldManager: 'kubectl-create',
        },
      }),
    )
    if (!result.ok) throw fromFile(args.flags.text('filename'), result)
    for (const warning of result.warnings ?? []) output.err(`Warning: ${warning}\n`)
    stored = result.object
  }
  if (format.type !== 'table') {
    output.out(printObjects(format, [{ kind, object: stored }], false))
    return
  }
  output.out(`${displayName(kind, stored.metadata.name)} created${dryRunSuffix(dryRun)}\n`)
}

/** Refusals of a file's object say which file, as kubectl does. */
function fromFile(file: string | undefined, result: Extract<ApiResult, { ok: false }>): KubectlError {
  const error = statusError(result.status)
  if (file === undefined || result.status.reason === 'Invalid') return error
  const where = file === '-' ? 'STDIN' : file
  return new KubectlError(
    error.message.replace(
      /^Error from server \((\w+)\): /,
      `Error from server ($1): error when creating "${where}": `,
    ),
  )
}
