/** How Roles are created and changed. Mirrors `ValidateRole`. */
import type { Strategy } from '../../define-kind.ts'
import { isPathSegment } from '../../validation/index.ts'
import { checkMetadata, checkMetadataUpdate } from '../shared/metadata.ts'
import { validateRules } from '../shared/policy-rules.ts'
import type { Role } from './types.ts'

export const roleStrategy: Strategy<Role> = {
  validate: role => [...checkMetadata(role, isPathSegment), ...validateRules(role.rules, true)],
  validateUpdate: (next, old) => [...checkMetadataUpdate(next, old), ...validateRules(next.rules, true)],
  allowsCreateOnUpdate: true,
}
