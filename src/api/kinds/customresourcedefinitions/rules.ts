/**
 * What a CustomResourceDefinition must be like. Mirrors apiextensions' validation.go. As upstream, versions that
 * all have the same schema, subresources or columns are complained of under `spec.validation`, `spec.subresources`
 * and `spec.additionalPrinterColumns`. CEL rules are compiled by the API server; CA bundles are not looked into.
 */
import type {
  CustomResourceColumnDefinition,
  CustomResourceDefinitionNames,
} from 'kubernetes-types/apiextensions/v1.js'
import { semanticEqual } from '../../deep-equal.ts'
import { type FieldError, invalidValue, required } from '../../field-error.ts'
import { isDns1035Label, isDns1123Subdomain, validateImmutable } from '../../validation/index.ts'
import { isAbsent } from '../shared/fill.ts'
import { checkMetadata, checkMetadataUpdate } from '../shared/metadata.ts'
import { checkName, checkOneOf } from '../shared/rules.ts'
import { validateConversion } from './conversion-rules.ts'
import { validateRootSchema } from './schema-rules.ts'
import { hasDefaults } from './schema-walk.ts'
import { validateSelectableFields } from './selectable-fields.ts'
import { isSimplePath, validateSubresources } from './subresource-rules.ts'
import type {
  CustomResourceDefinition,
  CustomResourceDefinitionSpec,
  CustomResourceVersion,
} from './types.ts'

const COLUMN_TYPES = ['boolean', 'date', 'integer', 'number', 'string']
const COLUMN_FORMATS = ['byte', 'date', 'date-time', 'double', 'float', 'int32', 'int64', 'password']
const APPROVAL_ANNOTATION = 'api-approved.kubernetes.io'

export function validateCustomResourceDefinition(definition: CustomResourceDefinition): FieldError[] {
  const { names, group } = definition.spec ?? {}
  const nameRule = (name: string) => {
    const complaints = isDns1123Subdomain(name)
    return name === `${names?.plural ?? ''}.${group ?? ''}`
      ? complaints
      : [...complaints, 'must be spec.names.plural+"."+spec.group']
  }
  return [
    ...checkMetadata(definition, nameRule, false, false),
    ...validateSpec(definition.spec ?? {}),
    ...validateStoredVersions(definition),
    ...validateApproval(definition),
    ...validatePreserving(definition),
  ]
}

export function validateCustomResourceDefinitionUpdate(
  next: CustomResourceDefinition,
  old: CustomResourceDefinition,
): FieldError[] {
  const isEstablished = old.status.conditions?.some(
    one => one.type === 'Established' && one.status === 'True',
  )
  const errors = [...checkMetadataUpdate(next, old, false), ...validateSpec(next.spec)]
  if (isEstablished) {
    errors.push(...validateImmutable(next.spec.scope, old.spec.scope, 'spec.scope'))
    errors.push(...validateImmutable(next.spec.names.kind, old.spec.names.kind, 'spec.names.kind'))
  }
  errors.push(...validateImmutable(next.spec.group, old.spec.group, 'spec.group'))
  errors.push(...validateImmutable(next.spec.names.plural, old.spec.names.plural, 'spec.names.plural'))
  errors.push(...validateAcceptedNames(next), ...validateStoredVersions(next))
  const wasApproved = old.metadata.annotations?.[APPROVAL_ANNOTATION]
  if (next.metadata.annotations?.[APPROVAL_ANNOTATION] !== wasApproved) errors.push(...validateApproval(next))
  if (!old.spec.preserveUnknownFields) errors.push(...validatePreserving(next))
  return errors
}

/** The names in the status follow the rules of those in the spec. */
export function validateAcceptedNames({ status }: CustomResourceDefinition): FieldError[] {
  return status.acceptedNames ? validateNames(status.acceptedNames, 'status.acceptedNames') : []
}

function validateSpec(spec: Partial<CustomResourceDefinitionSpec>): FieldError[] {
  const errors = validateGroup(spec.group)
  errors.push(...checkOneOf(spec.scope, 'spec.scope', ['Cluster', 'Namespaced']))
  const versions = spec.versions ?? []
  versions.forEach((version, i) => {
    if (version.schema?.openAPIV3Schema) return
    errors.push(required(`spec.versions[${i}].schema.openAPIV3Schema`, 'schemas are required'))
  })
  if (spec.preserveUnknownFields && versions.some(hasDefaults)) {
    const detail = 'must be false in order to use defaults in the schema'
    errors.push(invalidValue('spec.preserveUnknownFields', true, detail))
  }
  errors.push(...validateVersions(versions))
  const names: Partial<CustomResourceDefinitionNames> = spec.names ?? {}
  for (const field of ['plural', 'singular', 'kind', 'listKind'] as const) {
    if (isAbsent(names[field])) errors.push(required(`spec.names.${field}`))
  }
  errors.push(...validateNames(names, 'spec.names'))
  const strategy = spec.conversion?.strategy
  if (strategy && strategy !== 'None' && spec.preserveUnknownFields) {
    const detail = 'must be None if spec.preserveUnknownFields is true'
    errors.push(invalidValue('spec.conversion.strategy', strategy, detail))
  }
  errors.push(...validateConversion(spec.conversion, 'spec.conversion'))
  return errors
}

function validateGroup(group: string | undefined): FieldError[] {
  if (isAbsent(group)) return [required('spec.group')]
  const complaints = isDns1123Subdomain(group)
  if (complaints.length > 0) return [invalidValue('spec.group', group, complaints.join(','))]
  if (group.includes('.')) return []
  return [invalidValue('spec.group', group, 'should be a domain with at least one dot')]
}

function validateVersions(versions: readonly CustomResourceVersion[]): FieldError[] {
  const errors: FieldError[] = []
  const isShared = (field: 'schema' | 'subresources' | 'additionalPrinterColumns') =>
    versions.every(version => version[field] && semanticEqual(version[field], versions[0]![field]))
  const [sharesSchema, sharesSubresources, sharesColumns] = [
    isShared('schema'),
    isShared('subresources'),
    isShared('additionalPrinterColumns'),
  ]
  versions.forEach((version, i) => {
    const path = `spec.versions[${i}]`
    const nameComplaints = isDns1035Label(version.name ?? '')
    if (nameComplaints.length > 0) {
      errors.push(invalidValue(`${path}.name`, version.name ?? '', nameComplaints.join(',')))
    }
    errors.push(...validateDeprecation(version, `${path}.deprecationWarning`))
    const isFirst = i === 0
    if (!sharesSchema || isFirst) {
      const schemaPath = sharesSchema ? 'spec.validation' : `${path}.schema`
      errors.push(...validateRootSchema(version, `${schemaPath}.openAPIV3Schema`))
    }
    if (!sharesSubresources || isFirst) {
      const subresourcesPath = sharesSubresources ? 'spec.subresources' : `${path}.subresources`
      errors.push(...validateSubresources(version.subresources, subresourcesPath))
    }
    if (!sharesColumns || isFirst) {
      const columnsPath = sharesColumns ? 'spec.additionalPrinterColumns' : `${path}.additionalPrinterColumns`
      version.additionalPrinterColumns?.forEach((column, c) => {
        errors.push(...validateColumn(column, `${columnsPath}[${c}]`))
      })
    }
    errors.push(...validateSelectableFields(version, `${path}.selectableFields`))
  })
  if (new Set(versions.map(version => version.name)).size < versions.length) {
    errors.push(invalidValue('spec.versions', versions, 'must contain unique version names'))
  }
  if (versions.filter(version => version.storage).length !== 1) {
    const detail = 'must have exactly one version marked as storage version'
    errors.push(invalidValue('spec.versions', versions, detail))
  }
  return errors
}

function validateDeprecation(version: CustomResourceVersion, path: string): FieldError[] {
  const { deprecated, deprecationWarning: warning } = version
  if (warning === undefined || warning === null) return []
  const fail = (detail: string) => invalidValue(path, warning, detail)
  if (!deprecated) return [fail('can only be set for deprecated versions')]
  const errors: FieldError[] = []
  if (warning.length > 256) errors.push(fail('must be <= 256 characters long'))
  if (warning === '') errors.push(fail('must not be an empty string'))
  const index = warning.search(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
  if (index >= 0) {
    const what = 'must only contain printable UTF-8 characters; non-printable character found at index'
    errors.push(fail(`${what} ${index}`))
  }
  return errors
}

function validateNames(names: Partial<CustomResourceDefinitionNames>, path: string): FieldError[] {
  const errors: FieldError[] = []
  const check = (value: string | undefined, field: string, isMixedCase = false) => {
    if (!value) return
    const complaints = isDns1035Label(isMixedCase ? value.toLowerCase() : value)
    if (complaints.length === 0) return
    const prefix = isMixedCase ? 'may have mixed case, but should otherwise match: ' : ''
    errors.push(invalidValue(`${path}.${field}`, value, prefix + complaints.join(',')))
  }
  check(names.plural, 'plural')
  check(names.singular, 'singular')
  check(names.kind, 'kind', true)
  check(names.listKind, 'listKind', true)
  for (const [i, name] of names.shortNames?.entries() ?? []) check(name, `shortNames[${i}]`)
  if (names.kind && names.kind === names.listKind) {
    errors.push(invalidValue(`${path}.listKind`, names.listKind, 'kind and listKind may not be the same'))
  }
  for (const [i, name] of names.categories?.entries() ?? []) check(name, `categories[${i}]`)
  return errors
}

function validateColumn(column: CustomResourceColumnDefinition, path: string): FieldError[] {
  const errors = checkName(column.name, `${path}.name`, () => [])
  const types = `must be one of ${COLUMN_TYPES.join(',')}`
  if (!column.type) errors.push(required(`${path}.type`, types))
  else if (!COLUMN_TYPES.includes(column.type)) errors.push(invalidValue(`${path}.type`, column.type, types))
  if (column.format && !COLUMN_FORMATS.includes(column.format)) {
    const detail = `must be one of ${COLUMN_FORMATS.join(',')}`
    errors.push(invalidValue(`${path}.format`, column.format, detail))
  }
  const pathOfPath = `${path}.JSONPath`
  if (!column.jsonPath) errors.push(required(pathOfPath))
  else
    errors.push(...isSimplePath(column.jsonPath).map(text => invalidValue(pathOfPath, column.jsonPath, text)))
  return errors
}

function validateStoredVersions({ spec, status }: CustomResourceDefinition): FieldError[] {
  const path = 'status.storedVersions'
  const stored = status.storedVersions ?? []
  const versions = spec?.versions ?? []
  // No version is the storage version: that was said already, and nothing is stored.
  if (stored.length === 0) return [invalidValue(path, stored, 'must have at least one stored version')]
  const errors = versions
    .filter(version => version.storage && !stored.includes(version.name))
    .map(version => invalidValue(path, stored, `must have the storage version ${version.name}`))
  stored.forEach((name, i) => {
    if (versions.some(version => version.name === name)) return
    const detail = `missing from spec.versions; ${name} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${name} and removes ${name} from status.storedVersions`
    errors.push(invalidValue(`${path}[${i}]`, name, detail))
  })
  return errors
}

/** Groups of the Kubernetes project need its approval, or a word that they are not approved. */
function validateApproval({ metadata, spec }: CustomResourceDefinition): FieldError[] {
  const group = spec?.group ?? ''
  if (!/(^|\.)(k8s|kubernetes)\.io$/.test(group)) return []
  const approval = metadata.annotations?.[APPROVAL_ANNOTATION]
  const path = `metadata.annotations[${APPROVAL_ANNOTATION}]`
  const reference = 'see https://github.com/kubernetes/enhancements/pull/1111'
  if (!approval) {
    const detail = `protected groups must have approval annotation "${APPROVAL_ANNOTATION}", ${reference}`
    return [required(path, detail)]
  }
  if (approval.startsWith('unapproved') || /^https?:\/\/[^/]+/.test(approval)) return []
  const detail = `protected groups must have approval annotation "${APPROVAL_ANNOTATION}" with either a URL or a reason starting with "unapproved", ${reference}`
  return [invalidValue(path, approval, detail)]
}

function validatePreserving({ spec }: CustomResourceDefinition): FieldError[] {
  if (!spec?.preserveUnknownFields) return []
  const detail =
    'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead'
  return [invalidValue('spec.preserveUnknownFields', true, detail)]
}
