/** How ConfigMaps are created and changed. Mirrors `ValidateConfigMap` of pkg/apis/core/validation. */
import type { Strategy } from '../../define-kind.ts'
import { type FieldError, invalidValue } from '../../field-error.ts'
import { isDns1123Subdomain } from '../../validation/index.ts'
import { base64Bytes, textBytes, validateKept, validateKeys, validateSize } from '../shared/data-rules.ts'
import { checkMetadata, checkMetadataUpdate } from '../shared/metadata.ts'
import type { ConfigMap } from './types.ts'

export const configMapStrategy: Strategy<ConfigMap> = {
  validate: map => [...checkMetadata(map, isDns1123Subdomain), ...validateContent(map)],
  validateUpdate: (next, old) => [
    ...checkMetadataUpdate(next, old),
    ...validateKept(next, old, ['data', 'binaryData']),
    ...(next.data === old.data && next.binaryData === old.binaryData ? [] : validateContent(next)),
  ],
}

function validateContent(map: ConfigMap): FieldError[] {
  const errors = validateKeys(map.data, 'data')
  for (const key in map.data) {
    if (map.binaryData?.[key] === undefined) continue
    errors.push(invalidValue(`data[${key}]`, key, 'duplicate of key present in binaryData'))
  }
  errors.push(...validateKeys(map.binaryData, 'binaryData'))
  errors.push(...validateSize(textBytes(map.data) + base64Bytes(map.binaryData), ''))
  return errors
}
