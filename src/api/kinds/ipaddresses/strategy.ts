/** How IPAddresses are created and changed. Mirrors pkg/apis/networking/validation. */
import type { Strategy } from '../../define-kind.ts'
import { type FieldError, invalidValue, required } from '../../field-error.ts'
import { isDns1123Subdomain, isIp, isPathSegment, validateImmutable } from '../../validation/index.ts'
import { checkMetadata, checkMetadataUpdate } from '../shared/metadata.ts'
import { checkName, checkText } from '../shared/rules.ts'
import type { IPAddress } from './types.ts'

export const ipAddressStrategy: Strategy<IPAddress> = {
  validate: address => [
    ...checkMetadata(address, isIp, false),
    ...validateCanonical(address.metadata.name),
    ...validateParent(address),
  ],
  validateUpdate: (next, old) => [
    ...checkMetadataUpdate(next, old),
    ...validateImmutable(next.spec.parentRef, old.spec.parentRef, 'spec.parentRef'),
  ],
}

/** Names are compared as texts: one address has one text. */
function validateCanonical(name: string): FieldError[] {
  const isCanonical = !name.includes(':') || name === name.toLowerCase()
  if (isCanonical) return []
  const detail = `must be in canonical form ("${name.toLowerCase()}")`
  return [invalidValue('metadata.name', name, detail)]
}

function validateParent({ spec }: IPAddress): FieldError[] {
  const parent = spec?.parentRef
  if (!parent) return [required('spec.parentRef')]
  const { group, resource, namespace, name } = parent
  return [
    ...(group ? checkText(group, 'spec.parentRef.group', isDns1123Subdomain) : []),
    ...checkName(resource, 'spec.parentRef.resource', isPathSegment),
    ...checkName(name, 'spec.parentRef.name', isPathSegment),
    ...(namespace ? checkText(namespace, 'spec.parentRef.namespace', isPathSegment) : []),
  ]
}
