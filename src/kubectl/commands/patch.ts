/** `kubectl patch`: strategic, merge and JSON patches, of the object or a subresource. */
import { deepEqual, type KubeObject, parseYaml } from '../../api/index.ts'
import { type ApiResult, call, type PatchType, requestFor } from '../../client/index.ts'
import { type Routine, UserError } from '../../sim/index.ts'
import type { Command, Invocation } from '../context.ts'
import { KubectlError, statusError } from '../kubectl-error.ts'
import { locallyPatched } from '../local-patch.ts'
import { resultPrinter } from '../results.ts'
import { SELECTION_FLAGS, type Selected, selectObjects } from '../selection.ts'
import { dryRunOf, WRITE_FLAGS } from '../write-flags.ts'

const TYPES: Readonly<Record<string, PatchType>> = { json: 'json', merge: 'merge', strategic: 'strategic' }

export const PATCH: Command = {
  name: 'patch',
  flags: [
    ...SELECTION_FLAGS.filter(flag => flag.name === 'filename' || flag.name === 'recursive'),
    ...WRITE_FLAGS,
    { name: 'patch', short: 'p', type: 'string' },
    { name: 'patch-file', type: 'string' },
    { name: 'type', type: 'string' },
    { name: 'subresource', type: 'string' },
  ],
  *run(invocation) {
    const { args } = invocation
    const patch = readPatch(invocation)
    const typed = args.flags.text('type') ?? 'strategic'
    const type = TYPES[typed.toLowerCase()]
    if (!type) {
      throw new KubectlError(
        `error: --type must be one of [json merge strategic], not ${JSON.stringify(typed)}`,
      )
    }
    const print = resultPrinter(invocation, false)
    for (const target of yield* selectObjects(invocation, args.words)) {
      const object = yield* apply(invocation, target, type, patch)
      if (!object) continue
      const { kind } = target
      print(kind, object, deepEqual(object, target.object) ? 'patched (no change)' : 'patched')
    }
  },
}

function readPatch(invocation: Invocation): unknown {
  const { args, context } = invocation
  const inline = args.flags.text('patch') ?? ''
  const file = args.flags.text('patch-file') ?? ''
  if (inline !== '' && file !== '') {
    throw new KubectlError('error: cannot specify --patch and --patch-file together')
  }
  if (inline === '' && file === '') {
    throw new KubectlError('error: must specify --patch or --patch-file containing the contents of the patch')
  }
  const text = file === '' ? inline : context.readFile(file)
  if (text === undefined) {
    throw new KubectlError(`error: unable to read patch file: open ${file}: no such file or directory`)
  }
  try {
    return parseYaml(file === '' ? '--patch' : file, text)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    throw new KubectlError(`error: unable to parse ${JSON.stringify(inline)}: ${error.message}`)
  }
}

function* apply(
  invocation: Invocation,
  target: Selected,
  type: PatchType,
  patch: unknown,
): Routine<KubeObject | undefined> {
  const { args, context } = invocation
  const { kind, namespace, name, object } = target
  const dryRun = dryRunOf(args.flags)
  if (dryRun === 'client') return locallyPatched(kind, object, type, patch)
  const result: ApiResult = yield* call(
    context.api,
    requestFor('patch', kind, namespace, name, {
      subresource: args.flags.text('subresource') ?? '',
      body: patch,
      options: { patchType: type, dryRun: dryRun === 'server', fieldManager: 'kubectl-patch' },
      isFromWire: true,
    }),
  )
  if (result.ok) return result.object
  invocation.fail(statusError(result.status).message)
  return undefined
}
