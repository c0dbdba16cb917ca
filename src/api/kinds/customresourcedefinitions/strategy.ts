/** How CustomResourceDefinitions are created and changed. Mirrors pkg/registry/customresourcedefinition. */
import { semanticEqual } from '../../deep-equal.ts'
import type { Strategy } from '../../define-kind.ts'
import { checkMetadataUpdate } from '../shared/metadata.ts'
import { defaultCustomResourceDefinition, withStoredVersion } from './defaults.ts'
import {
  validateAcceptedNames,
  validateCustomResourceDefinition,
  validateCustomResourceDefinitionUpdate,
} from './rules.ts'
import type { CustomResourceDefinition } from './types.ts'

export const customResourceDefinitionStrategy: Strategy<CustomResourceDefinition> = {
  defaults: defaultCustomResourceDefinition,
  prepareForCreate: definition => withStoredVersion({ ...definition, status: {} }),
  prepareForUpdate: next => withStoredVersion(next),
  validate: validateCustomResourceDefinition,
  validateUpdate(next, old) {
    const isSame = next.spec === old.spec || semanticEqual(next.spec, old.spec)
    return isSame ? checkMetadataUpdate(next, old) : validateCustomResourceDefinitionUpdate(next, old)
  },
  validateStatusUpdate: (next, old) => [...checkMetadataUpdate(next, old), ...validateAcceptedNames(next)],
  allowsUnconditionalUpdate: false,
}
