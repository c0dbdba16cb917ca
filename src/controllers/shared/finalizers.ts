/** Taking a finalizer off an object that is being deleted. */
import type { AnyKind, KubeObject } from '../../api/index.ts'
import type { Outcome } from '../../client/index.ts'

/** The update that lets go of `object` as far as `finalizer` is concerned. */
export function withoutFinalizer(kind: AnyKind, object: KubeObject, finalizer: string): Outcome {
  const finalizers = object.metadata.finalizers?.filter(name => name !== finalizer)
  return {
    intents: [{ do: 'update', kind, object: { ...object, metadata: { ...object.metadata, finalizers } } }],
  }
}
