/** How CSIDrivers are created and changed. Mirrors pkg/apis/storage (defaults and validation). */
import type { CSIDriverSpec } from 'kubernetes-types/storage/v1.js'
import type { Strategy } from '../../define-kind.ts'
import { duplicate, type FieldError, invalidValue, notSupported, required } from '../../field-error.ts'
import { isDns1123Subdomain, validateImmutable } from '../../validation/index.ts'
import { changeField, fill } from '../shared/fill.ts'
import { checkMetadata, checkMetadataUpdate } from '../shared/metadata.ts'
import type { CSIDriver } from './types.ts'

const GROUP_POLICIES = ['File', 'None', 'ReadWriteOnceWithFSType']
const LIFECYCLE_MODES = ['Ephemeral', 'Persistent']
const SHORTEST_TOKEN_SECONDS = 600
const LONGEST_TOKEN_SECONDS = 2 ** 32

export const csiDriverStrategy: Strategy<CSIDriver> = {
  defaults: driver => changeField(driver, 'spec', defaultSpec),
  validate: driver => [
    ...checkMetadata(driver, isDns1123Subdomain, false),
    ...(driver.spec ? validateSpec(driver.spec) : []),
  ],
  validateUpdate: (next, old) => [
    ...checkMetadataUpdate(next, old),
    ...(next.spec === old.spec ? [] : validateSpec(next.spec)),
    ...validateImmutable(next.spec.attachRequired, old.spec.attachRequired, 'spec.attachedRequired'),
    ...validateImmutable(
      next.spec.volumeLifecycleModes,
      old.spec.volumeLifecycleModes,
      'spec.volumeLifecycleModes',
    ),
  ],
}

function defaultSpec(spec: CSIDriverSpec): CSIDriverSpec {
  const modes = spec.volumeLifecycleModes?.length ? spec.volumeLifecycleModes : ['Persistent']
  return fill(
    { ...spec, volumeLifecycleModes: modes },
    {
      attachRequired: true,
      podInfoOnMount: false,
      storageCapacity: false,
      fsGroupPolicy: 'ReadWriteOnceWithFSType',
      requiresRepublish: false,
      seLinuxMount: false,
    },
  )
}

function validateSpec(spec: CSIDriverSpec): FieldError[] {
  const errors: FieldError[] = []
  if (spec.fsGroupPolicy && !GROUP_POLICIES.includes(spec.fsGroupPolicy)) {
    errors.push(notSupported('spec.fsGroupPolicy', spec.fsGroupPolicy, GROUP_POLICIES))
  }
  const audiences = new Set<string>()
  spec.tokenRequests?.forEach(({ audience, expirationSeconds: seconds }, i) => {
    const path = `spec.tokenRequests[${i}]`
    if (audiences.has(audience)) errors.push(duplicate(`${path}.audience`, audience))
    audiences.add(audience)
    if (seconds === undefined) return
    const fail = (detail: string) => errors.push(invalidValue(`${path}.expirationSeconds`, seconds, detail))
    if (seconds < SHORTEST_TOKEN_SECONDS) fail('may not specify a duration less than 10 minutes')
    if (seconds > LONGEST_TOKEN_SECONDS) fail('may not specify a duration larger than 2^32 seconds')
  })
  spec.volumeLifecycleModes?.forEach((mode, i) => {
    if (LIFECYCLE_MODES.includes(mode)) return
    errors.push(notSupported(`spec.volumeLifecycleModes[${i}]`, mode, LIFECYCLE_MODES))
  })
  if (spec.attachRequired === undefined) errors.push(required('spec.attachedRequired'))
  return errors
}
