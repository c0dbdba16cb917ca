/** `kubectl get certificatesigningrequests` */
import type { Column } from '../../define-kind.ts'
import { age, humanDuration } from '../../duration.ts'
import { column, NONE } from '../shared/columns.ts'
import type { CertificateSigningRequest } from './types.ts'

export const certificateSigningRequestColumns: readonly Column<CertificateSigningRequest>[] = [
  {
    ...column<CertificateSigningRequest>('Name', 'string', request => request.metadata.name),
    format: 'name',
  },
  column('Age', 'string', ({ metadata }, nowMs) => age(metadata.creationTimestamp, nowMs)),
  column('SignerName', 'string', ({ spec }) => spec.signerName || NONE),
  column('Requestor', 'string', ({ spec }) => spec.username ?? ''),
  column('RequestedDuration', 'string', ({ spec }) =>
    spec.expirationSeconds ? humanDuration(spec.expirationSeconds * 1000) : NONE,
  ),
  column('Condition', 'string', conditionText),
]

/** `Approved,Issued` */
function conditionText({ status }: CertificateSigningRequest): string {
  const has = (type: string) => status.conditions?.some(condition => condition.type === type) ?? false
  const verdict = has('Denied') ? 'Denied' : has('Approved') ? 'Approved' : 'Pending'
  return `${verdict}${has('Failed') ? ',Failed' : ''}${status.certificate ? ',Issued' : ''}`
}
