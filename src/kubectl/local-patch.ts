/** Patches worked out by kubectl itself, as `--dry-run=client` asks for. */
import {
  type AnyKind,
  applyJsonPatch,
  applyMergePatch,
  applyStrategicMergePatch,
  type KubeObject,
  mergeRulesOf,
  PatchError,
} from '../api/index.ts'
import type { PatchType } from '../client/index.ts'
import { KubectlError } from './kubectl-error.ts'

/** The object after the patch. Throws KubectlError for a patch that does not apply. */
export function locallyPatched(
  kind: AnyKind,
  object: KubeObject,
  type: PatchType,
  patch: unknown,
): KubeObject {
  try {
    return patched(kind, object, type, patch) as KubeObject
  } catch (error) {
    if (error instanceof PatchError) throw new KubectlError(`error: ${error.message}`)
    throw error
  }
}

function patched(kind: AnyKind, object: KubeObject, type: PatchType, patch: unknown): unknown {
  if (type === 'json') return applyJsonPatch(object, patch)
  if (type === 'merge') return applyMergePatch(object, patch)
  const rules = mergeRulesOf(kind.kind)
  if (!rules) throw new KubectlError('error: strategic merge patch is not supported for custom resources')
  const record = object as unknown as Readonly<Record<string, unknown>>
  return applyStrategicMergePatch(record, patch as Readonly<Record<string, unknown>>, rules)
}
