/** The shape of a CertificateSigningRequest. */
import type {
  CertificateSigningRequestCondition,
  CertificateSigningRequestSpec,
  CertificateSigningRequestStatus,
} from 'kubernetes-types/certificates/v1.js'
import type { KubeObject } from '../../object.ts'

export type CertificateCondition = CertificateSigningRequestCondition

export interface CertificateSigningRequest extends KubeObject {
  /** `request` is the PEM block in base64. */
  spec: CertificateSigningRequestSpec
  status: CertificateSigningRequestStatus
}
