/** Rules that any kind can use. */
export { validateLabelSelector } from './label-selector.ts'
export * from './names.ts'
export {
  validateAnnotations,
  validateFinalizers,
  validateImmutable,
  validateLabelName,
  validateLabels,
  validateNonNegative,
  validateObjectMeta,
  validateObjectMetaUpdate,
} from './object-meta.ts'
export { parseUrl } from './url.ts'
