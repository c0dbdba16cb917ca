/** Server-side apply: who manages which fields of an object. */
export {
  type ApplyConflict,
  type ApplyOutcome,
  applyConfiguration,
  conflictMessage,
  trackCreate,
  trackUpdate,
  type Writer as FieldWriter,
} from './field-manager.ts'
export type { ManagedFieldsEntry } from './managers.ts'
export { type MergeType, mergeTypeOf, mergeTypeOfCustomResource, type OpenApiSchema } from './merge-type.ts'
