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
import { type PrintResult, resultPrinter } from '../results.ts'
import { dryRunOf, fieldValidationOf, WRITE_FLAGS } from '../write-flags.ts'

const GENERATOR_FLAGS: readonly FlagSpec[] = [
  { name: 'image', type: 'list' },
  { name: 'replicas', short: 'r', type: 'integer' },
  { name: 'port', type: 'string' },
  { name: 'from-literal', type: 'array' },
  { name: 'from-file', type: 'list' },
  { name: 'tcp', type: 'list' },
  { name: 'from', type: 'string' },
  { name: 'type', type: 'string' },
  { name: 'node-port', type: 'integer' },
  { name: 'external-name', type: 'string' },
  { name: 'clusterip', type: 'string' },
]

export const CREATE: Command = {
  name: 'create',
  flags: [...FILE_FLAGS, ...WRITE_FLAGS, ...GENERATOR_FLAGS, { name: 'save-config', type: 'boolean' }],
  *run(invocation) {
    const { args } = invocation
    const print = resultPrinter(invocation)
    if (args.flags.has('filename')) {
      for (const { kind, object, namespace } of readManifests(invocation)) {
        try {
          yield* create(invocation, print, kind, namespace, object)
        } catch (error) {
          if (!(error instanceof KubectlError)) throw error
          invocation.fail(error.message)
        }
      }
      return
    }
    if (args.words.length === 0) throw new KubectlError('error: must specify one of -f and -k')
    const { kind, object } = generate(invocation)
    try {
      yield* create(invocation, print, kind, kind.isNamespaced ? invocation.namespace : '', object)
    } catch (error) {
      const failed = FAILED[kind.kind]
      if (!(error instanceof KubectlError) || failed === undefined) throw error
      throw new KubectlError(error.message.replace(/^Error from server \(\w+\): /, `error: ${failed} `))
    }
  },
}

/** How generators put a refusal; others leave it as it is. */
const FAILED: Readonly<Record<string, string>> = {
  ConfigMap: 'failed to create configmap:',
  Deployment: 'failed to create deployment:',
  Job: 'failed to create job:',
  Secret: 'failed to create secret',
  ServiceAccount: 'failed to create serviceaccount:',
}

/** Creates one object and prints that it did. Throws KubectlError. */
export function* create(
  invocation: Invocation,
  print: PrintResult,
  kind: AnyKind,
  namespace: string,
  object: NewObject<KubeObject>,
  fieldManager = 'kubectl-create',
  operation = 'created',
): Routine<void> {
  const { args, context } = invocation
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
          fieldManager,
        },
      }),
    )
    if (!result.ok) throw fromFile(args.flags.text('filename'), result)
    stored = result.object
  }
  print(kind, stored, operation)
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
