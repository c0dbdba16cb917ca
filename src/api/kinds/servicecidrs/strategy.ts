/** How ServiceCIDRs are created and changed. Mirrors pkg/apis/networking/validation. */
import type { Strategy } from '../../define-kind.ts'
import { type FieldError, invalidValue, required } from '../../field-error.ts'
import { isCidr, isDns1123Subdomain, validateImmutable } from '../../validation/index.ts'
import { uncounted } from '../shared/generation.ts'
import { checkMetadata, checkMetadataUpdate } from '../shared/metadata.ts'
import { checkText } from '../shared/rules.ts'
import type { ServiceCIDR } from './types.ts'

export const serviceCidrStrategy: Strategy<ServiceCIDR> = {
  prepareForCreate: range => uncounted({ ...range, status: {} }),
  validate: range => [
    ...checkMetadata(range, isDns1123Subdomain, false),
    ...validateRanges(range.spec?.cidrs ?? [], 'spec.cidrs'),
  ],
  validateUpdate: (next, old) => [
    ...checkMetadataUpdate(next, old),
    ...validateImmutable(next.spec.cidrs, old.spec.cidrs, 'spec.cidrs'),
  ],
  validateStatusUpdate: checkMetadataUpdate,
}

function validateRanges(ranges: readonly string[], path: string): FieldError[] {
  if (ranges.length === 0) return [required(path, 'at least one CIDR required')]
  if (ranges.length > 2) return [invalidValue(path, { cidrs: ranges }, 'may only hold up to 2 values')]
  const areSameFamily = new Set(ranges.map(range => range.includes(':'))).size < ranges.length
  const errors = areSameFamily
    ? [
        invalidValue(
          path,
          { cidrs: ranges },
          'may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/96',
        ),
      ]
    : []
  return [...errors, ...ranges.flatMap((range, i) => checkText(range, `${path}[${i}]`, isCidr))]
}
