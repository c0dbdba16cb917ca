/** How LimitRanges are created and changed. Mirrors `SetDefaults_LimitRangeItem` and `ValidateLimitRange`. */
import type { LimitRangeItem } from 'kubernetes-types/core/v1.js'
import type { Strategy } from '../../define-kind.ts'
import { duplicate, type FieldError, fieldForbidden, invalidValue, required } from '../../field-error.ts'
import { compareQuantities, parseQuantity } from '../../quantity.ts'
import { isDns1123Subdomain, isQualifiedName } from '../../validation/index.ts'
import { changeField, decoding, mapKept } from '../shared/fill.ts'
import { checkMetadata, checkMetadataUpdate } from '../shared/metadata.ts'
import { canonicalResources, quantityOf } from '../shared/resources.ts'
import { checkText } from '../shared/rules.ts'
import type { LimitRange } from './types.ts'

type Amounts = Readonly<Record<string, string>>

const TYPES = ['Pod', 'Container', 'PersistentVolumeClaim']
const FIELDS = ['max', 'min', 'default', 'defaultRequest', 'maxLimitRequestRatio'] as const

export const limitRangeStrategy: Strategy<LimitRange> = {
  defaults: decoding('LimitRange', 'v1', range =>
    changeField(range, 'spec', spec => changeField(spec, 'limits', limits => mapKept(limits, defaultItem))),
  ),
  validate: range => [
    ...checkMetadata(range, isDns1123Subdomain),
    ...validateItems(range.spec?.limits ?? []),
  ],
  validateUpdate(next, old) {
    const errors = checkMetadataUpdate(next, old)
    return next.spec === old.spec ? errors : [...errors, ...validateItems(next.spec.limits ?? [])]
  },
}

/** What is not said of containers follows from what is: the limit from the maximum, the request from both. */
function defaultItem(item: LimitRangeItem): LimitRangeItem {
  let complete = item
  for (const field of FIELDS) complete = changeField(complete, field, canonicalResources)
  if (complete.type !== 'Container') return complete
  const limits = { ...complete.max, ...complete.default }
  const requests = { ...complete.min, ...limits, ...complete.defaultRequest }
  const withAny = (amounts: object) => Object.keys(amounts).length > 0
  return {
    ...complete,
    ...(withAny(limits) && { default: limits }),
    ...(withAny(requests) && { defaultRequest: requests }),
  }
}

function validateItems(items: readonly LimitRangeItem[]): FieldError[] {
  const errors: FieldError[] = []
  const types = new Set<string>()
  items.forEach((item, i) => {
    const path = `spec.limits[${i}]`
    errors.push(...validateType(item.type, `${path}.type`))
    if (types.has(item.type)) errors.push(duplicate(`${path}.type`, item.type))
    types.add(item.type)
    errors.push(...validateItem(item, path))
  })
  return errors
}

function validateType(type: string, path: string): FieldError[] {
  const errors = checkText(type ?? '', path, isQualifiedName)
  if (errors.length > 0 || type.includes('/') || TYPES.includes(type)) return errors
  return [invalidValue(path, type, 'must be a standard limit type or fully qualified')]
}

function validateItem(item: LimitRangeItem, path: string): FieldError[] {
  const errors: FieldError[] = []
  if (item.type === 'Pod') {
    const detail = "may not be specified when `type` is 'Pod'"
    if (item.default) errors.push(fieldForbidden(`${path}.default`, detail))
    if (item.defaultRequest) errors.push(fieldForbidden(`${path}.defaultRequest`, detail))
  }
  const amounts = (field: (typeof FIELDS)[number]) => (item[field] ?? {}) as Amounts
  if (item.type === 'PersistentVolumeClaim' && !amounts('min').storage && !amounts('max').storage) {
    const detail = 'either minimum or maximum storage value is required, but neither was provided'
    errors.push(required(`${path}.limits`, detail))
  }
  const names = [...new Set(FIELDS.flatMap(field => Object.keys(amounts(field))))].sort()
  for (const name of names) {
    for (const field of FIELDS) {
      if (amounts(field)[name] === undefined) continue
      errors.push(...checkText(name, `${path}.${field}[${name}]`, isQualifiedName))
    }
    errors.push(...validateOrder(name, amounts, path), ...validateRatio(name, amounts, path))
  }
  return errors
}

/** min <= defaultRequest <= default <= max, of those that are given. */
function validateOrder(name: string, amounts: (field: (typeof FIELDS)[number]) => Amounts, path: string) {
  const errors: FieldError[] = []
  const [min, max] = [amounts('min')[name], amounts('max')[name]]
  const [limit, request] = [amounts('default')[name], amounts('defaultRequest')[name]]
  const check = (
    smaller: string | undefined,
    larger: string | undefined,
    field: string,
    blamed: string | undefined,
    smallerName: string,
    largerName: string,
  ) => {
    if (smaller === undefined || larger === undefined) return
    if (compareQuantities(quantityOf(smaller), quantityOf(larger)) <= 0) return
    const detail = `${smallerName} value ${smaller} is greater than ${largerName} value ${larger}`
    errors.push(invalidValue(`${path}.${field}[${name}]`, blamed, detail))
  }
  check(min, max, 'min', min, 'min', 'max')
  check(min, request, 'defaultRequest', request, 'min', 'default request')
  check(request, max, 'defaultRequest', request, 'default request', 'max')
  check(request, limit, 'defaultRequest', request, 'default request', 'default limit')
  check(min, limit, 'default', min, 'min', 'default')
  check(limit, max, 'default', max, 'default', 'max')
  return errors
}

function validateRatio(name: string, amounts: (field: (typeof FIELDS)[number]) => Amounts, path: string) {
  const ratio = amounts('maxLimitRequestRatio')[name]
  if (ratio === undefined || compareQuantities(quantityOf(ratio), parseQuantity('1')) >= 0) return []
  const detail = `ratio ${ratio} is less than 1`
  return [invalidValue(`${path}.maxLimitRequestRatio[${name}]`, ratio, detail)]
}
