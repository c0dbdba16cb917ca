/**
 * The rules of metadata, the same for every kind. Mirrors `k8s.io/apimachinery/pkg/api/validation` (objectmeta.go)
 * with the finalizer rule that built-in kinds add. Labels are checked in the order they are written.
 */
import type { ManagedFieldsEntry, ObjectMeta, OwnerReference } from 'kubernetes-types/meta/v1.js'
import { deepEqual } from '../deep-equal.ts'
import { type FieldError, fieldForbidden, invalidValue, required, tooLong } from '../field-error.ts'
import { isDns1123Label, isLabelValue, isQualifiedName, type TextRule } from './names.ts'

/** Bytes all annotations of an object may have together, keys included. */
const ANNOTATIONS_MAXIMUM_BYTES = 256 * 1024
const STANDARD_FINALIZERS = ['kubernetes', 'orphan', 'foregroundDeletion']

type Labels = Readonly<Record<string, string>>

/** Metadata on creation, after a name was generated. `nameRule` is the kind's own. */
export function validateObjectMeta(
  metadata: ObjectMeta,
  rules: { readonly isNamespaced: boolean; readonly nameRule: TextRule; readonly isKubernetes?: boolean },
  path = 'metadata',
): FieldError[] {
  const errors: FieldError[] = []
  const { name = '', generateName = '', namespace = '' } = metadata
  if (generateName !== '') {
    for (const text of rules.nameRule(maskTrailingDash(generateName))) {
      errors.push(invalidValue(`${path}.generateName`, generateName, text))
    }
  }
  if (name === '') errors.push(required(`${path}.name`, 'name or generateName is required'))
  else for (const text of rules.nameRule(name)) errors.push(invalidValue(`${path}.name`, name, text))
  if (!rules.isNamespaced) {
    if (namespace !== '') errors.push(fieldForbidden(`${path}.namespace`, 'not allowed on this type'))
  } else if (namespace === '') errors.push(required(`${path}.namespace`))
  else {
    for (const text of isDns1123Label(namespace))
      errors.push(invalidValue(`${path}.namespace`, namespace, text))
  }
  if (metadata.generation) errors.push(...validateNonNegative(metadata.generation, `${path}.generation`))
  validateTexts(metadata, path, errors)
  if (metadata.finalizers) {
    errors.push(...validateFinalizers(metadata.finalizers, `${path}.finalizers`, rules.isKubernetes))
  }
  return errors
}

/** Metadata on update: what may not change has not, and what may is still well formed. */
export function validateObjectMetaUpdate(next: ObjectMeta, old: ObjectMeta, path = 'metadata'): FieldError[] {
  const errors: FieldError[] = []
  if (old.deletionTimestamp) {
    errors.push(...validateNoNewFinalizers(next.finalizers, old.finalizers, `${path}.finalizers`))
  }
  if (!next.resourceVersion) {
    errors.push(invalidValue(`${path}.resourceVersion`, '', 'must be specified for an update'))
  }
  errors.push(...validateNonNegative(next.generation, `${path}.generation`))
  if ((next.generation ?? 0) < (old.generation ?? 0)) {
    errors.push(invalidValue(`${path}.generation`, next.generation ?? 0, 'must not be decremented'))
  }
  for (const field of IMMUTABLE_FIELDS) {
    if (next[field] === old[field]) continue
    errors.push(...validateImmutable(next[field], old[field], `${path}.${field}`))
  }
  if (next !== old) validateTexts(next, path, errors)
  return errors
}

const IMMUTABLE_FIELDS = [
  'name',
  'namespace',
  'uid',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
] as const

/** Adds the complaints to `errors`: most objects have few of these fields, and this is asked of every one. */
function validateTexts(metadata: ObjectMeta, path: string, errors: FieldError[]): void {
  const { labels, annotations, ownerReferences, managedFields } = metadata
  if (labels) errors.push(...validateLabels(labels, `${path}.labels`))
  if (annotations) errors.push(...validateAnnotations(annotations, `${path}.annotations`))
  if (ownerReferences) errors.push(...validateOwnerReferences(ownerReferences, `${path}.ownerReferences`))
  if (managedFields) errors.push(...validateManagedFields(managedFields, `${path}.managedFields`))
}

/** `field is immutable`, unless both are deeply equal. */
export function validateImmutable(next: unknown, old: unknown, path: string): FieldError[] {
  return deepEqual(next, old) ? [] : [invalidValue(path, next, 'field is immutable')]
}

export function validateNonNegative(value: number | undefined, path: string): FieldError[] {
  return (value ?? 0) < 0 ? [invalidValue(path, value, 'must be greater than or equal to 0')] : []
}

export function validateLabelName(name: string, path: string): FieldError[] {
  return isQualifiedName(name).map(text => invalidValue(path, name, text))
}

/** Frozen parts that were found right: pods share their template's labels and their owner's reference. */
const rightParts = new WeakSet<object>()

export function validateLabels(labels: Labels | undefined, path: string): FieldError[] {
  const errors: FieldError[] = []
  if (!labels || rightParts.has(labels)) return errors
  for (const key in labels) {
    errors.push(...validateLabelName(key, path))
    const value = labels[key]!
    for (const text of isLabelValue(value)) errors.push(invalidValue(path, value, text))
  }
  if (errors.length === 0 && Object.isFrozen(labels)) rightParts.add(labels)
  return errors
}

export function validateAnnotations(annotations: Labels | undefined, path: string): FieldError[] {
  const errors: FieldError[] = []
  let sizeBytes = 0
  for (const key in annotations) {
    for (const text of isQualifiedName(key.toLowerCase())) errors.push(invalidValue(path, key, text))
    sizeBytes += byteLength(key) + byteLength(annotations[key]!)
  }
  if (sizeBytes > ANNOTATIONS_MAXIMUM_BYTES) errors.push(tooLong(path, ANNOTATIONS_MAXIMUM_BYTES))
  return errors
}

/** How many bytes of UTF-8 a text takes. */
function byteLength(text: string): number {
  // Four bytes a UTF-16 unit is more than UTF-8 ever needs: short texts are not encoded to be measured.
  return text.length * 4 < 1024 && /^[\0-\x7f]*$/.test(text)
    ? text.length
    : new TextEncoder().encode(text).length
}

function validateOwnerReferences(owners: readonly OwnerReference[], path: string): FieldError[] {
  const errors: FieldError[] = []
  if (rightParts.has(owners)) return errors
  let controller: string | undefined
  owners.forEach((owner, index) => {
    errors.push(...validateOwnerReference(owner, `${path}[${index}]`))
    if (!owner.controller) return
    const current = `${owner.kind}/${owner.name}`
    if (controller === undefined) controller = current
    else {
      const detail = `Only one reference can have Controller set to true. Found "true" in references for ${controller} and ${current}`
      errors.push(invalidValue(path, owners, detail))
    }
  })
  if (errors.length === 0 && owners.length > 0 && owners.every(Object.isFrozen) && Object.isFrozen(owners)) {
    rightParts.add(owners)
  }
  return errors
}

function validateOwnerReference(owner: OwnerReference, path: string): FieldError[] {
  const errors: FieldError[] = []
  if (!owner.apiVersion) errors.push(required(`${path}.apiVersion`, 'must not be empty'))
  else if (!/^([^/]+\/)?[^/]+$/.test(owner.apiVersion)) {
    errors.push(
      invalidValue(`${path}.apiVersion`, owner.apiVersion, 'must be <group>/<version> or <version>'),
    )
  }
  for (const field of ['kind', 'name', 'uid'] as const) {
    if (!owner[field]) errors.push(required(`${path}.${field}`, 'must not be empty'))
  }
  if (owner.apiVersion === 'v1' && owner.kind === 'Event') {
    errors.push(invalidValue(path, owner, '/v1, Kind=Event is disallowed from being an owner'))
  }
  return errors
}

/** `isKubernetes`: as for kinds of Kubernetes' own, for which a name with dots alone will not do. */
export function validateFinalizers(
  finalizers: readonly string[] | undefined,
  path: string,
  isKubernetes = true,
): FieldError[] {
  if (!finalizers) return []
  const errors: FieldError[] = []
  for (const finalizer of finalizers) {
    for (const text of isQualifiedName(finalizer)) errors.push(invalidValue(path, finalizer, text))
  }
  if (finalizers.includes('orphan') && finalizers.includes('foregroundDeletion')) {
    const detail = 'finalizer orphan and foregroundDeletion cannot be both set'
    errors.push(invalidValue(path, finalizers, detail))
  }
  if (!isKubernetes) return errors
  finalizers.forEach((finalizer, index) => {
    if (finalizer.includes('/') || STANDARD_FINALIZERS.includes(finalizer)) return
    const detail = 'name is neither a standard finalizer name nor is it fully qualified'
    errors.push(invalidValue(`${path}[${index}]`, finalizer, detail))
  })
  return errors
}

function validateNoNewFinalizers(
  next: readonly string[] = [],
  old: readonly string[] = [],
  path: string,
): FieldError[] {
  const extra = [...new Set(next)].filter(finalizer => !old.includes(finalizer)).sort()
  if (extra.length === 0) return []
  const list = `[]string{${extra.map(name => JSON.stringify(name)).join(', ')}}`
  const detail = `no new finalizers can be added if the object is being deleted, found new finalizers ${list}`
  return [fieldForbidden(path, detail)]
}

function validateManagedFields(entries: readonly ManagedFieldsEntry[], path: string): FieldError[] {
  const errors: FieldError[] = []
  entries.forEach((entry, index) => {
    if (entry.operation !== 'Apply' && entry.operation !== 'Update') {
      errors.push(
        invalidValue(`${path}[${index}].operation`, entry.operation ?? '', 'must be `Apply` or `Update`'),
      )
    }
    if (entry.fieldsType && entry.fieldsType !== 'FieldsV1') {
      errors.push(invalidValue(`${path}[${index}].fieldsType`, entry.fieldsType, 'must be `FieldsV1`'))
    }
  })
  return errors
}

/**
 * What is checked of a generateName: its last characters will be followed by others, so a dash there is fine.
 * Takes two characters off, as upstream does.
 */
function maskTrailingDash(name: string): string {
  return name.length > 1 && name.endsWith('-') ? `${name.slice(0, -2)}a` : name
}
