/** A certificate signing request as text: what is wrong with it, if anything. Mirrors `ParseCSR`. */
import { decodeBase64 } from '../../base64.ts'

const BLOCK = /-----BEGIN CERTIFICATE REQUEST-----[\s\S]+?-----END CERTIFICATE REQUEST-----/

/** Undefined for a base64 text that holds a PEM block of a certificate request. */
export function requestError(request: string | undefined): string | undefined {
  return BLOCK.test(decodeBase64(request ?? '')) ? undefined : 'PEM block type must be CERTIFICATE REQUEST'
}
