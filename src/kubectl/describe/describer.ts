/** What a description is made with. */
import type { AnyKind, KubeList, KubeObject } from '../../api/index.ts'
import { type ApiPort, type ApiResult, call, type RequestOptions, requestFor } from '../../client/index.ts'
import type { Routine } from '../../sim/index.ts'
import type { DescriptionWriter } from './writer.ts'

export interface DescribeContext {
  readonly api: ApiPort
  readonly nowMs: number
  readonly showEvents: boolean
}

/** Writes the description of one object of its kind; it may ask the server for what belongs to it. */
export type Describer = (context: DescribeContext, object: KubeObject, w: DescriptionWriter) => Routine<void>

/** Objects of a kind; none when the server refuses. */
export function* listOf<T extends KubeObject>(
  context: DescribeContext,
  kind: AnyKind,
  namespace: string,
  options: RequestOptions,
): Routine<readonly T[]> {
  const list: ApiResult<KubeList<T>> = yield* call(
    context.api,
    requestFor('list', kind, namespace, '', { options }),
  )
  return list.ok ? list.object.items : []
}
