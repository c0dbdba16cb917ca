/** How ServiceAccounts are created and changed. Mirrors `ValidateServiceAccount`. */
import type { Strategy } from '../../define-kind.ts'
import { isDns1123Subdomain } from '../../validation/index.ts'
import { checkMetadata, checkMetadataUpdate } from '../shared/metadata.ts'
import type { ServiceAccount } from './types.ts'

export const serviceAccountStrategy: Strategy<ServiceAccount> = {
  validate: account => checkMetadata(account, isDns1123Subdomain),
  validateUpdate: checkMetadataUpdate,
}
