/** Applying a manifest from a program rather than from a command line. */
import { ApiError, type KubeObject, parseManifest } from '../api/index.ts'
import { type Routine, UserError } from '../sim/index.ts'
import { applyObject } from './apply-object.ts'
import type { KubectlContext } from './context.ts'

/**
 * Applies every object of a text and gives them as the server has them. Throws ApiError for the first one refused,
 * UserError for what is no manifest.
 */
export function* applyManifest(
  context: KubectlContext,
  file: string,
  text: string,
): Routine<readonly KubeObject[]> {
  const applied: KubeObject[] = []
  for (const { object, where } of parseManifest(file, text)) {
    const kind = context.scheme.byKind(object.apiVersion, object.kind)
    if (!kind) {
      throw new UserError(
        `no matches for kind ${JSON.stringify(object.kind)} in version ${JSON.stringify(object.apiVersion)}`,
        {
          where,
          mend: 'Check apiVersion and kind.',
        },
      )
    }
    const namespace = kind.isNamespaced ? (object.metadata.namespace ?? context.namespace) : ''
    const { object: stored } = yield* applyObject(context.api, kind, namespace, object, {}, result => {
      throw new ApiError(result.status)
    })
    applied.push(stored)
  }
  return applied
}
