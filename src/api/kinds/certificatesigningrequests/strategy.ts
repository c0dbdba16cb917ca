/**
 * How CertificateSigningRequests are created, approved and signed. Mirrors pkg/registry/certificates and
 * pkg/apis/certificates/validation: the spec never changes, `approval` writes the verdict, `status` the certificate.
 */
import type { Requestor, Strategy, StrategyContext, SubresourceAction } from '../../define-kind.ts'
import { duplicate, type FieldError, invalidValue, notSupported, required } from '../../field-error.ts'
import { ApiError, invalid } from '../../status.ts'
import { isDns1123Subdomain } from '../../validation/index.ts'
import { isAbsent } from '../shared/fill.ts'
import { checkMetadata, checkMetadataUpdate } from '../shared/metadata.ts'
import { requestError } from './parsed.ts'
import type { CertificateCondition, CertificateSigningRequest } from './types.ts'

const KIND = Object.freeze({
  group: 'certificates.k8s.io',
  plural: 'certificatesigningrequests',
  kind: 'CertificateSigningRequest',
})
const MINIMUM_SECONDS = 600
const VERDICTS = ['Approved', 'Denied']
const USAGES = [
  'any',
  'cert sign',
  'client auth',
  'code signing',
  'content commitment',
  'crl sign',
  'data encipherment',
  'decipher only',
  'digital signature',
  'email protection',
  'encipher only',
  'ipsec end system',
  'ipsec tunnel',
  'ipsec user',
  'key agreement',
  'key encipherment',
  'microsoft sgc',
  'netscape sgc',
  'ocsp signing',
  's/mime',
  'server auth',
  'signing',
  'timestamping',
]

export const certificateSigningRequestStrategy: Strategy<CertificateSigningRequest> = {
  prepareForCreate: (request, _context, requestor) => ({
    ...request,
    spec: askedBy(request.spec, requestor),
    status: {},
  }),
  prepareForUpdate: (next, old) => ({ ...next, spec: old.spec }),
  // The certificate is the signer's; the verdict is not.
  prepareForStatusUpdate: (next, old, context) => ({
    ...next,
    status: {
      ...next.status,
      conditions: timed(withVerdictsOf(old, next.status?.conditions ?? []), old, context),
    },
  }),
  validate: request => [...checkMetadata(request, () => [], false), ...validateSpec(request)],
  validateUpdate: checkMetadataUpdate,
  validateStatusUpdate: (next, old) => [
    ...checkMetadataUpdate(next, old),
    ...validateConditions(next),
    ...validateCertificate(next, old),
  ],
}

/** PUT certificatesigningrequests/NAME/approval: takes over the conditions. */
export const approveCertificate: SubresourceAction<CertificateSigningRequest> = {
  verb: 'update',
  apply(stored, body, context) {
    const asked = (body as CertificateSigningRequest).status?.conditions ?? []
    const next = { ...stored, status: { ...stored.status, conditions: timed(asked, stored, context) } }
    const errors = [...validateConditions(next), ...validateVerdictsKept(next, stored)]
    if (errors.length > 0) throw new ApiError(invalid(KIND, stored.metadata.name, errors))
    return next
  },
  respond: request => request,
}

type Spec = CertificateSigningRequest['spec']

/** Who asks is for the server to say. */
function askedBy(spec: Spec, requestor: Requestor | undefined): Spec {
  const { username: _name, uid: _uid, groups: _groups, extra: _extra, ...asked } = spec ?? ({} as Spec)
  if (!requestor) return asked
  const { name, uid, groups, extra } = requestor
  return {
    ...asked,
    username: name,
    ...(uid && { uid }),
    groups: [...groups],
    ...(extra && { extra: extra as Record<string, string[]> }),
  }
}

function withVerdictsOf(
  old: CertificateSigningRequest,
  asked: readonly CertificateCondition[],
): readonly CertificateCondition[] {
  const isVerdict = ({ type }: CertificateCondition) => VERDICTS.includes(type)
  return [
    ...(old.status.conditions ?? []).filter(isVerdict),
    ...asked.filter(condition => !isVerdict(condition)),
  ]
}

/** The server says when a condition came about. */
function timed(
  conditions: readonly CertificateCondition[],
  old: CertificateSigningRequest,
  { timestamp }: StrategyContext,
): CertificateCondition[] | undefined {
  if (conditions.length === 0) return undefined
  return conditions.map(condition => {
    const before = old.status.conditions?.find(({ type }) => type === condition.type)
    const isSame = before !== undefined && before.status === condition.status
    return {
      ...condition,
      lastUpdateTime: condition.lastUpdateTime ?? timestamp,
      lastTransitionTime:
        condition.lastTransitionTime ?? (isSame ? before.lastTransitionTime : undefined) ?? timestamp,
    }
  })
}

function validateSpec({ spec }: CertificateSigningRequest): FieldError[] {
  const errors: FieldError[] = []
  const problem = requestError(spec)
  if (problem) errors.push(invalidValue('spec.request', spec.request ?? '', problem))
  errors.push(...validateUsages(spec.usages))
  errors.push(...validateSignerName(spec.signerName))
  const { expirationSeconds } = spec
  if (expirationSeconds !== undefined && expirationSeconds !== null && expirationSeconds < MINIMUM_SECONDS) {
    const why = `may not specify a duration less than ${MINIMUM_SECONDS} seconds (10 minutes)`
    errors.push(invalidValue('spec.expirationSeconds', expirationSeconds, why))
  }
  return errors
}

function validateUsages(usages: readonly string[] | undefined): FieldError[] {
  if (!usages || usages.length === 0) return [required('spec.usages', 'usages must be provided')]
  return usages.flatMap((usage, index) => {
    const path = `spec.usages[${index}]`
    if (!USAGES.includes(usage)) return [notSupported(path, usage, USAGES)]
    return usages.indexOf(usage) < index ? [duplicate(path, usage)] : []
  })
}

/** `example.com/signer-name` */
function validateSignerName(name: string | undefined): FieldError[] {
  const path = 'spec.signerName'
  if (isAbsent(name)) return [required(path)]
  if (name === 'kubernetes.io/legacy-unknown') {
    return [invalidValue(path, name, 'the legacy signerName is not allowed via this API version')]
  }
  const [domain = '', signer, ...more] = name.split('/')
  if (!signer || more.length > 0) {
    const form = "must be a fully qualified domain and path of the form 'example.com/signer-name'"
    return [invalidValue(path, name, form)]
  }
  const errors = isDns1123Subdomain(domain).map(text => invalidValue(path, name, text))
  if (!domain.includes('.'))
    errors.push(invalidValue(path, domain, 'should be a domain with at least two segments separated by dots'))
  return errors
}

function validateConditions({ status }: CertificateSigningRequest): FieldError[] {
  const errors: FieldError[] = []
  const conditions = status.conditions ?? []
  conditions.forEach(({ type, status: value }, index) => {
    const path = `status.conditions[${index}]`
    if (isAbsent(type)) errors.push(required(`${path}.type`))
    if (isAbsent(value)) errors.push(required(`${path}.status`))
    else if (['Approved', 'Denied', 'Failed'].includes(type) && value !== 'True') {
      errors.push(notSupported(`${path}.status`, value, ['True']))
    }
    if (conditions.findIndex(other => other.type === type) < index)
      errors.push(duplicate(`${path}.type`, type))
  })
  const has = (wanted: string) => conditions.findIndex(({ type }) => type === wanted)
  if (has('Approved') >= 0 && has('Denied') >= 0) {
    const [first, second] = has('Approved') < has('Denied') ? ['Approved', 'Denied'] : ['Denied', 'Approved']
    const path = `status.conditions[${has(second)}].type`
    errors.push(invalidValue(path, second, `${first} and ${second} conditions are mutually exclusive`))
  }
  return errors
}

/** A verdict is final. */
function validateVerdictsKept(next: CertificateSigningRequest, old: CertificateSigningRequest): FieldError[] {
  const kept = new Set(next.status.conditions?.map(({ type }) => type))
  return (old.status.conditions ?? [])
    .filter(({ type }) => ['Approved', 'Denied', 'Failed'].includes(type) && !kept.has(type))
    .map(({ type }) => ({
      reason: 'FieldValueForbidden',
      field: 'status.conditions',
      message: `Forbidden: updates may not remove a condition of type ${JSON.stringify(type)}`,
    }))
}

function validateCertificate(
  { status }: CertificateSigningRequest,
  old: CertificateSigningRequest,
): FieldError[] {
  const before = old.status.certificate
  if (!before || status.certificate === before) return []
  return [invalidValue('status.certificate', status.certificate ?? '', 'field is immutable once set')]
}
