/**
 * Nobody asks the API server's own signer for membership of `system:masters`. Mirrors
 * plugin/pkg/admission/certificates/subjectrestriction.
 */
import {
  type CertificateSigningRequest,
  CertificateSigningRequests,
  parsedRequest,
  statuses,
} from '../../api/index.ts'
import { type AdmissionPlugin, nameIn } from './plugin.ts'

const SIGNER = 'kubernetes.io/kube-apiserver-client'

export const CERTIFICATE_SUBJECT_RESTRICTION: AdmissionPlugin = {
  name: 'CertificateSubjectRestriction',
  handles: (kind, operation, subresource) =>
    kind === CertificateSigningRequests && operation === 'CREATE' && subresource === '',
  validate(object, attributes) {
    const { spec } = object as CertificateSigningRequest
    if (spec.signerName !== SIGNER) return undefined
    const parsed = parsedRequest(spec)
    const refused = (why: string) => ({
      refused: statuses.forbidden(attributes.kind, nameIn(attributes, object), why),
    })
    if (!parsed.ok) return refused(`failed to parse CSR: ${parsed.error}`)
    if (!parsed.request.organisations.includes('system:masters')) return undefined
    return refused(`use of ${SIGNER} signer with system:masters group is not allowed`)
  },
}
