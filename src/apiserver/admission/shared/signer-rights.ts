/** Who may approve and sign for a signer. Mirrors pkg/certauthorization. */
import type { CertificateSigningRequest } from '../../../api/index.ts'
import { CertificateSigningRequests, statuses } from '../../../api/index.ts'
import type { AdmissionView, Attributes, Refusal } from '../plugin.ts'

const { group } = CertificateSigningRequests

/** A refusal unless the user may do so for the signer of the stored request, or for all of the signer's domain. */
export function refuseForSigner(
  verb: 'approve' | 'sign',
  { user, old, kind, name }: Attributes,
  { authorizer }: AdmissionView,
): Refusal | undefined {
  const { signerName } = (old as CertificateSigningRequest).spec
  const names = [signerName, `${signerName.split('/')[0]}/*`]
  const signers = { verb, group, version: '*', resource: 'signers', subresource: '', namespace: '' }
  if (names.some(one => authorizer.decide(user, { ...signers, name: one }).verdict === 'allow'))
    return undefined
  const why = `user not permitted to ${verb} requests with signerName ${JSON.stringify(signerName)}`
  return { refused: statuses.forbidden(kind, name, why) }
}
