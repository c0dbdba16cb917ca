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

/** The finalizer that waits for all objects to be deleted. */
export const CUSTOM_RESOURCE_CLEANUP = 'customresourcecleanup.apiextensions.k8s.io'

export const customResourceDefinitionStrategy: Strategy<CustomResourceDefinition> = {
  defaults: defaultCustomResourceDefinition,
  prepareForCreate: definition => withStoredVersion({ ...definition, status: {} }),
  prepareForUpdate: next => withStoredVersion(next),
  validate: validateCustomResourceDefinition,
  validateUpdate(next, old) {
    const isSame = next.spec === old.spec || semanticEqual(next.spec, old.spec)
    return isSame ? checkMetadataUpdate(next, old, false) : validateCustomResourceDefinitionUpdate(next, old)
  },
  validateStatusUpdate: (next, old) => [
    ...checkMetadataUpdate(next, old, false),
    ...validateAcceptedNames(next),
  ],
  // As upstream's REST.Delete: whoever is asked to go waits until its objects are gone.
  isHeld: ({ metadata }) => metadata.deletionTimestamp === undefined,
  beginDelete: (definition, { timestamp }) => ({
    ...definition,
    metadata: {
      ...definition.metadata,
      finalizers: [...new Set([...(definition.metadata.finalizers ?? []), CUSTOM_RESOURCE_CLEANUP])],
    },
    status: {
      ...definition.status,
      conditions: [
        ...(definition.status.conditions ?? []).filter(({ type }) => type !== 'Terminating'),
        {
          type: 'Terminating',
          status: 'True',
          reason: 'InstanceDeletionPending',
          message: 'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon',
          lastTransitionTime: timestamp,
        },
      ],
    },
  }),
  allowsUnconditionalUpdate: false,
}
