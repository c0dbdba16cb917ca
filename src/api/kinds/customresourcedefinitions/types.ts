/** The shape of a CustomResourceDefinition, with the schema language of its versions. */
import type {
  CustomResourceColumnDefinition,
  CustomResourceConversion,
  CustomResourceDefinitionNames,
  CustomResourceDefinitionStatus,
  CustomResourceSubresources,
  SelectableField,
} from 'kubernetes-types/apiextensions/v1.js'
import type { KubeObject } from '../../object.ts'

/** One rule of `x-kubernetes-validations`: an expression that must hold. */
export interface ValidationRule {
  rule: string
  message?: string
  messageExpression?: string
  reason?: string
  fieldPath?: string
  optionalOldSelf?: boolean
}

/** OpenAPI v3 as far as custom resources may use it. Fields that are always refused are there to be named. */
export interface JsonSchema {
  id?: string
  $ref?: string
  $schema?: string
  additionalItems?: JsonSchema | boolean
  additionalProperties?: JsonSchema | boolean
  allOf?: JsonSchema[]
  anyOf?: JsonSchema[]
  default?: unknown
  definitions?: Record<string, JsonSchema>
  dependencies?: Record<string, JsonSchema | string[]>
  description?: string
  enum?: unknown[]
  example?: unknown
  exclusiveMaximum?: boolean
  exclusiveMinimum?: boolean
  externalDocs?: { description?: string; url?: string }
  format?: string
  items?: JsonSchema | JsonSchema[]
  maxItems?: number
  maxLength?: number
  maxProperties?: number
  maximum?: number
  minItems?: number
  minLength?: number
  minProperties?: number
  minimum?: number
  multipleOf?: number
  not?: JsonSchema
  nullable?: boolean
  oneOf?: JsonSchema[]
  pattern?: string
  patternProperties?: Record<string, JsonSchema>
  properties?: Record<string, JsonSchema>
  required?: string[]
  title?: string
  type?: string
  uniqueItems?: boolean
  'x-kubernetes-embedded-resource'?: boolean
  'x-kubernetes-int-or-string'?: boolean
  'x-kubernetes-list-map-keys'?: string[]
  'x-kubernetes-list-type'?: string
  'x-kubernetes-map-type'?: string
  'x-kubernetes-preserve-unknown-fields'?: boolean
  'x-kubernetes-validations'?: ValidationRule[]
}

export interface CustomResourceVersion {
  name: string
  served: boolean
  storage: boolean
  deprecated?: boolean
  deprecationWarning?: string
  schema?: { openAPIV3Schema?: JsonSchema }
  subresources?: CustomResourceSubresources
  additionalPrinterColumns?: CustomResourceColumnDefinition[]
  selectableFields?: SelectableField[]
}

export interface CustomResourceDefinitionSpec {
  group: string
  names: CustomResourceDefinitionNames
  scope: string
  versions: CustomResourceVersion[]
  conversion?: CustomResourceConversion
  preserveUnknownFields?: boolean
}

export interface CustomResourceDefinition extends KubeObject {
  spec: CustomResourceDefinitionSpec
  status: Partial<CustomResourceDefinitionStatus>
}
