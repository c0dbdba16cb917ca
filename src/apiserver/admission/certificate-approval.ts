/** Who approves a certificate needs the right to for its signer. Mirrors plugin/pkg/admission/certificates/approval. */
import { CertificateSigningRequests } from '../../api/index.ts'
import type { AdmissionPlugin } from './plugin.ts'
import { refuseForSigner } from './shared/signer-rights.ts'

export const CERTIFICATE_APPROVAL: AdmissionPlugin = {
  name: 'CertificateApproval',
  handles: (kind, operation, subresource) =>
    kind === CertificateSigningRequests && operation === 'UPDATE' && subresource === 'approval',
  validate: (_object, attributes, view) => refuseForSigner('approve', attributes, view),
}
