/** The nouns. */

export {
  applyConfiguration,
  conflictMessage,
  type FieldWriter,
  type MergeType,
  mergeTypeOf,
  mergeTypeOfCustomResource,
  trackCreate,
  trackUpdate,
} from './apply/index.ts'
export { decodeBase64, decodeBase64Bytes, encodeBase64, encodeBase64Url } from './base64.ts'
export * from './cel/index.ts'
export { findCondition, isConditionTrue } from './conditions.ts'
export * from './constants/index.ts'
export * from './custom-resources/index.ts'
export { deepEqual, semanticEqual } from './deep-equal.ts'
export {
  type Allocator,
  type AnyKind,
  type Column,
  type Conversion,
  defineKind,
  type KindDefinition,
  type KindOptions,
  type ScaleMapping,
  type StoredAs,
  type Strategy,
  type StrategyContext,
  type SubresourceAction,
} from './define-kind.ts'
export { duplicateFields } from './duplicate-fields.ts'
export { age, formatDuration, humanDuration, parseDuration, shortHumanDuration } from './duration.ts'
export type { FieldError } from './field-error.ts'
export * as field from './field-error.ts'
export {
  type FieldMatcher,
  fieldSelector,
  formatFieldSelector,
  parseFieldSelector,
} from './field-selector.ts'
export { compareVersions, groupsOf, preferredKinds } from './group-versions.ts'
export { type IntOrString, percentOf, scaledValue } from './int-or-string.ts'
export * as ipv4 from './ipv4.ts'
export * from './json-path/index.ts'
export * from './kinds/index.ts'
export { type LabelRequirement, SelectorError } from './label-selector-parser.ts'
export { type ManifestObject, parseConfiguration, parseManifest, parseYaml } from './manifest.ts'
export { memoise, memoiseByObject } from './memo.ts'
export { canonicalJson, generateName, newUid, randomSuffix, safeEncode, templateHash } from './names.ts'
export { mayKubeletSet } from './node-labels.ts'
export {
  controllerOf,
  type KubeList,
  type KubeObject,
  keyOf,
  type NewObject,
  type ObjectMeta,
  type OwnerReference,
} from './object.ts'
export * from './patch/index.ts'
export {
  addQuantities,
  bytes,
  canonicalQuantity,
  compareQuantities,
  formatBytes,
  formatMilliCpu,
  formatQuantity,
  isQuantity,
  milliCpu,
  parseQuantity,
  type Quantity,
  QuantityError,
  subtractQuantities,
} from './quantity.ts'
export * from './quota/index.ts'
export {
  findUntolerated,
  matchesRequired,
  matchesTerm,
  namedNodes,
  type SelectableNode,
  tolerates,
} from './scheduling/index.ts'
export { checkSchema, hasSpec, type SchemaFindings } from './schema/index.ts'
export { Scheme } from './scheme.ts'
export {
  EVERYTHING,
  formatLabelSelector,
  formatLabels,
  type LabelMatcher,
  labelSelector,
  labelSet,
  NOTHING,
  parseLabelSelector,
} from './selector.ts'
export * as statuses from './status.ts'
export { ApiError, type Status, type StatusReason } from './status.ts'
export { type Cell, columnsOf, type Table, type TableColumn, type TableRow, table } from './table.ts'
export type { ContainerUsage, Measurement, NodeUsage } from './usage.ts'
export * from './validation/index.ts'
export { verbsOf } from './verbs.ts'
export type { CertificateRequest } from './x509/index.ts'
