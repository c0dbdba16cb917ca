/** How Events are created and changed. Mirrors pkg/apis/core/validation/events.go for core/v1 events. */
import type { Strategy } from '../../define-kind.ts'
import { type FieldError, invalidValue } from '../../field-error.ts'
import { isDns1123Subdomain } from '../../validation/index.ts'
import { checkMetadata, checkMetadataUpdate } from '../shared/metadata.ts'
import type { Event } from './types.ts'

/** Where events about cluster-scoped objects live. */
const CLUSTER_NAMESPACES = ['default', 'kube-system']

export const eventStrategy: Strategy<Event> = {
  validate: event => {
    const errors = checkMetadata(event, isDns1123Subdomain)
    errors.push(...validateNamespace(event))
    return errors
  },
  validateUpdate: checkMetadataUpdate,
  allowsCreateOnUpdate: true,
}

function validateNamespace({ metadata, involvedObject }: Event): FieldError[] {
  const about = involvedObject?.namespace ?? ''
  const isRight =
    about === '' ? CLUSTER_NAMESPACES.includes(metadata.namespace ?? '') : about === metadata.namespace
  return isRight ? [] : [invalidValue('involvedObject.namespace', about, 'does not match event.namespace')]
}
