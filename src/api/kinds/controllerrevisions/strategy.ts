/** How ControllerRevisions are created and changed: their data never is. Mirrors pkg/apis/apps/validation. */
import type { Strategy } from '../../define-kind.ts'
import { required } from '../../field-error.ts'
import { isDns1123Subdomain, validateImmutable } from '../../validation/index.ts'
import { checkMetadata, checkMetadataUpdate } from '../shared/metadata.ts'
import { checkCounts } from '../shared/rules.ts'
import type { ControllerRevision } from './types.ts'

export const controllerRevisionStrategy: Strategy<ControllerRevision> = {
  validate: revision => [
    ...checkMetadata(revision, isDns1123Subdomain),
    ...(revision.data ? [] : [required('data', 'data is mandatory')]),
    ...checkCounts(revision, ['revision'], ''),
  ],
  validateUpdate: (next, old) => [
    ...checkMetadataUpdate(next, old),
    ...checkCounts(next, ['revision'], ''),
    ...validateImmutable(next.data, old.data, 'data'),
  ],
}
