/**
 * What a container may ask for: known resources, no negative amounts, no request over its limit. Mirrors
 * `ValidateContainerResourceRequirements`. Huge pages and dynamic claims are not looked into.
 */
import type { ResourceRequirements } from 'kubernetes-types/core/v1.js'
import { type FieldError, invalidValue, required } from '../../field-error.ts'
import { compareQuantities } from '../../quantity.ts'
import { isQualifiedName } from '../../validation/index.ts'
import { quantityOf } from './resources.ts'
import { checkText } from './rules.ts'

const STANDARD = ['cpu', 'memory', 'ephemeral-storage']
type Resources = Readonly<Record<string, string>>

export function validateResources(resources: ResourceRequirements | undefined, path: string): FieldError[] {
  if (!resources) return []
  const limits = (resources.limits ?? {}) as Resources
  const requests = (resources.requests ?? {}) as Resources
  const errors: FieldError[] = []
  for (const name in limits) errors.push(...validateAmount(name, limits[name]!, `${path}.limits[${name}]`))
  for (const name in requests) {
    const request = requests[name]!
    errors.push(...validateAmount(name, request, `${path}.requests[${name}]`))
    const limit = limits[name]
    const requestsPath = `${path}.requests`
    if (limit !== undefined) {
      const order = compareQuantities(quantityOf(request), quantityOf(limit))
      if (isExtended(name) && order !== 0) {
        errors.push(invalidValue(requestsPath, request, `must be equal to ${name} limit of ${limit}`))
      } else if (order > 0) {
        const detail = `must be less than or equal to ${name} limit of ${limit}`
        errors.push(invalidValue(requestsPath, request, detail))
      }
    } else if (isExtended(name)) {
      errors.push(required(`${path}.limits`, 'Limit must be set for non overcommitable resources'))
    }
  }
  return errors
}

/** Amounts of resources that a container can have, apart from any requirements: an overhead. */
export function validateAmounts(amounts: object | undefined, path: string): FieldError[] {
  const list = (amounts ?? {}) as Resources
  return Object.keys(list).flatMap(name => validateAmount(name, list[name]!, `${path}[${name}]`))
}

/** A name and an amount of any resource a container can have. */
function validateAmount(name: string, amount: string, path: string): FieldError[] {
  const errors = checkText(name, path, isQualifiedName)
  if (!name.includes('/') && !STANDARD.includes(name) && !name.startsWith('hugepages-')) {
    errors.push(invalidValue(path, name, 'must be a standard resource for containers'))
  }
  if (quantityOf(amount).nano < 0n) {
    errors.push(invalidValue(path, amount, 'must be greater than or equal to 0'))
  }
  if (isExtended(name) && !Number.isInteger(Number(amount)) && !/^\d+[kMGTPE]i?$/.test(amount)) {
    errors.push(invalidValue(path, amount, 'must be an integer'))
  }
  return errors
}

/** Devices and the like: whole numbers, never overcommitted. */
function isExtended(name: string): boolean {
  return name.includes('/') && !name.split('/')[0]!.endsWith('kubernetes.io')
}
