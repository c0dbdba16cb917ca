/** The request that a CertificateSigningRequest carries, read once an object. Mirrors `ParseCSR`. */
import { decodeBase64 } from '../../base64.ts'
import { memoiseByObject } from '../../memo.ts'
import { type ParsedRequest, parseCertificateRequest } from '../../x509/index.ts'
import type { CertificateSigningRequest } from './types.ts'

export const parsedRequest: (spec: CertificateSigningRequest['spec']) => ParsedRequest = memoiseByObject(
  ({ request }: CertificateSigningRequest['spec']) => parseCertificateRequest(decodeBase64(request ?? '')),
)

/** What is wrong with the request: that it is none, or not signed by its own key; undefined when nothing is. */
export function requestError(spec: CertificateSigningRequest['spec']): string | undefined {
  const parsed = parsedRequest(spec)
  return parsed.ok ? parsed.signatureError : parsed.error
}
