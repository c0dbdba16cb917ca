/** How CSINodes are created and changed. Mirrors pkg/apis/storage/validation. */
import type { CSINodeDriver } from 'kubernetes-types/storage/v1.js'
import { semanticEqual } from '../../deep-equal.ts'
import type { Strategy } from '../../define-kind.ts'
import { duplicate, type FieldError, invalidValue, required } from '../../field-error.ts'
import { isDns1123Subdomain, isQualifiedName } from '../../validation/index.ts'
import { checkMetadata, checkMetadataUpdate } from '../shared/metadata.ts'
import { checkCounts, checkName, checkText } from '../shared/rules.ts'
import type { CSINode } from './types.ts'

const NODE_ID_MAXIMUM = 256

export const csiNodeStrategy: Strategy<CSINode> = {
  validate: node => [
    ...checkMetadata(node, isDns1123Subdomain, false),
    ...validateDrivers(node.spec?.drivers ?? []),
  ],
  validateUpdate(next, old) {
    const errors = [...checkMetadataUpdate(next, old), ...validateDrivers(next.spec.drivers ?? [])]
    for (const driver of next.spec.drivers ?? []) {
      const before = old.spec.drivers?.find(({ name }) => name === driver.name)
      const isSame = !before || semanticEqual({ ...driver, allocatable: before.allocatable }, before)
      if (!isSame) errors.push(invalidValue('CSINodeDriver', driver, 'field is immutable'))
    }
    return errors
  },
}

function validateDrivers(drivers: readonly CSINodeDriver[]): FieldError[] {
  const errors: FieldError[] = []
  const names = new Set<string>()
  drivers.forEach((driver, i) => {
    const path = `spec.drivers[${i}]`
    errors.push(...checkName(driver.name, `${path}.name`, isDns1123Subdomain))
    if (names.has(driver.name)) errors.push(duplicate(`${path}.name`, driver.name))
    names.add(driver.name)
    if (!driver.nodeID) errors.push(required(`${path}.nodeID`))
    else if (driver.nodeID.length > NODE_ID_MAXIMUM) {
      const detail = `must be ${NODE_ID_MAXIMUM} characters or less`
      errors.push(invalidValue(`${path}.nodeID`, driver.nodeID, detail))
    }
    if (driver.allocatable) errors.push(...checkCounts(driver.allocatable, ['count'], `${path}.allocatable`))
    const keys = driver.topologyKeys ?? []
    keys.forEach((key, k) => {
      errors.push(...checkText(key, `${path}.topologyKeys`, isQualifiedName))
      if (keys.indexOf(key) < k) errors.push(duplicate(`${path}.topologyKeys`, key))
    })
  })
  return errors
}
