/** What answers a request for a kind that is never stored: the object with its status filled in. */
import type { AnyKind, KubeObject, Status } from '../../api/index.ts'
import type { Call, Core } from '../core.ts'

export interface VirtualHandler {
  readonly kind: AnyKind
  /** Pure: what a create of `asked`, decoded, is answered with. Throws ApiError to refuse. */
  answer?(core: Core, call: Call, asked: KubeObject): object
  /** What there is at the moment, for those that can be read. */
  objects?(core: Core, call: Call): readonly KubeObject[]
  /** Why an object is not among them; that there is none of its name, unless given. */
  missing?(core: Core, call: Call): Status
}
