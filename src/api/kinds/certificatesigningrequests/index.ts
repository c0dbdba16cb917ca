/** `kubectl get certificatesigningrequests` */
import { defineKind } from '../../define-kind.ts'
import { certificateSigningRequestColumns } from './columns.ts'
import { approveCertificate, certificateSigningRequestStrategy } from './strategy.ts'
import type { CertificateSigningRequest } from './types.ts'

export const CertificateSigningRequests = defineKind<CertificateSigningRequest>({
  group: 'certificates.k8s.io',
  version: 'v1',
  kind: 'CertificateSigningRequest',
  plural: 'certificatesigningrequests',
  singular: 'certificatesigningrequest',
  shortNames: ['csr'],
  isNamespaced: false,
  hasStatus: true,
  schema: 'io.k8s.api.certificates.v1.CertificateSigningRequest',
  selectableFields: { 'spec.signerName': request => request.spec.signerName },
  actions: { approval: approveCertificate },
  columns: certificateSigningRequestColumns,
  columnsAreComplete: true,
  strategy: certificateSigningRequestStrategy,
})
