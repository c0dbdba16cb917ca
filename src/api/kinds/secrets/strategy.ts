/** How Secrets are created and changed. Mirrors `ValidateSecret`; `stringData` is only ever written. */
import { encodeBase64 } from '../../base64.ts'
import type { Strategy } from '../../define-kind.ts'
import { type FieldError, invalidValue, required } from '../../field-error.ts'
import { isDns1123Subdomain } from '../../validation/index.ts'
import { base64Bytes, validateKept, validateKeys, validateSize } from '../shared/data-rules.ts'
import { fill } from '../shared/fill.ts'
import { checkMetadata, checkMetadataUpdate } from '../shared/metadata.ts'
import type { Secret } from './types.ts'

/** Keys that a Secret of a type must have. */
const NEEDED_KEYS: Readonly<Record<string, readonly string[]>> = {
  'kubernetes.io/dockercfg': ['.dockercfg'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
}
const SERVICE_ACCOUNT_ANNOTATION = 'kubernetes.io/service-account.name'

export const secretStrategy: Strategy<Secret> = {
  defaults: secret => withStringData(fill(secret, { type: 'Opaque' })),
  validate: secret => [...checkMetadata(secret, isDns1123Subdomain), ...validateContent(secret)],
  validateUpdate(next, old) {
    const errors = checkMetadataUpdate(next, old)
    if (next.type !== old.type) errors.push(invalidValue('type', next.type, 'field is immutable'))
    errors.push(...validateKept(next, old, ['data']))
    if (next.data !== old.data) errors.push(...validateContent(next))
    return errors
  },
}

function withStringData(secret: Secret): Secret {
  const { stringData, ...rest } = secret
  if (stringData === undefined || stringData === null) return secret
  const data: Record<string, string> = { ...rest.data }
  for (const key in stringData) data[key] = encodeBase64(stringData[key]!)
  return { ...rest, data }
}

function validateContent(secret: Secret): FieldError[] {
  const errors = validateKeys(secret.data, 'data')
  errors.push(...validateSize(base64Bytes(secret.data), 'data'))
  const { type = '' } = secret
  if (type === 'kubernetes.io/service-account-token') {
    const path = `metadata.annotations[${SERVICE_ACCOUNT_ANNOTATION}]`
    if (!secret.metadata.annotations?.[SERVICE_ACCOUNT_ANNOTATION]) errors.push(required(path))
  }
  if (type === 'kubernetes.io/basic-auth') {
    const hasEither = secret.data?.username !== undefined || secret.data?.password !== undefined
    if (!hasEither) errors.push(required('data[username]'), required('data[password]'))
  }
  for (const key of NEEDED_KEYS[type] ?? []) {
    if (secret.data?.[key] === undefined) errors.push(required(`data[${key}]`))
  }
  return errors
}
