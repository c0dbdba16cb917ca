/** Who issues a certificate needs the right to for its signer. Mirrors plugin/pkg/admission/certificates/signing. */
import { type CertificateSigningRequest, CertificateSigningRequests, deepEqual } from '../../api/index.ts'
import type { AdmissionPlugin } from './plugin.ts'
import { refuseForSigner } from './shared/signer-rights.ts'

export const CERTIFICATE_SIGNING: AdmissionPlugin = {
  name: 'CertificateSigning',
  handles: (kind, operation, subresource) =>
    kind === CertificateSigningRequests && operation === 'UPDATE' && subresource === 'status',
  validate(object, attributes, view) {
    const [next, old] = [object as CertificateSigningRequest, attributes.old as CertificateSigningRequest]
    const isSame =
      next.status.certificate === old.status.certificate &&
      deepEqual(next.status.conditions, old.status.conditions)
    return isSame ? undefined : refuseForSigner('sign', attributes, view)
  },
}
