/** PKCS#10 certificate requests (RFC 2986): whom they name, and whether their signature is their key's. */
import { decodeBase64Bytes } from '../base64.ts'
import {
  bitString,
  childrenOf,
  DerError,
  type DerNode,
  expectTag,
  objectIdentifier,
  readDer,
  TAG,
} from './der.ts'
import { signatureProblem } from './signature.ts'

/** What a request asks a certificate for. */
export interface CertificateRequest {
  /** '' without one. */
  readonly commonName: string
  /** In the order of the request. */
  readonly organisations: readonly string[]
  readonly dnsNames: readonly string[]
  readonly emailAddresses: readonly string[]
  readonly uris: readonly string[]
  /** As the bytes they are sent in. */
  readonly ipAddresses: readonly Uint8Array[]
}

export type ParsedRequest =
  | { readonly ok: true; readonly request: CertificateRequest; readonly signatureError: string | undefined }
  /** In Go's words. */
  | { readonly ok: false; readonly error: string }

const BLOCK = /-----BEGIN CERTIFICATE REQUEST-----\s+([A-Za-z0-9+/=\s]+?)\s*-----END CERTIFICATE REQUEST-----/
const COMMON_NAME = '2.5.4.3'
const ORGANISATION = '2.5.4.10'
const EXTENSION_REQUEST = '1.2.840.113549.1.9.14'
const ALTERNATIVE_NAMES = '2.5.29.17'
/** GeneralName's choices. */
const NAMES = Object.freeze({ email: 0x81, dns: 0x82, uri: 0x86, ip: 0x87 })

/** Reads the first request of a PEM text. */
export function parseCertificateRequest(pem: string): ParsedRequest {
  const block = BLOCK.exec(pem)
  if (!block) return { ok: false, error: 'PEM block type must be CERTIFICATE REQUEST' }
  try {
    const [info, algorithm, signature] = childrenOf(readDer(decodeBase64Bytes(block[1]!)))
    const [, subject, publicKey, attributes] = childrenOf(info)
    const names = alternativeNames(attributes)
    const request: CertificateRequest = {
      commonName: attributeValues(subject, COMMON_NAME).at(-1) ?? '',
      organisations: attributeValues(subject, ORGANISATION),
      dnsNames: names(NAMES.dns).map(text),
      emailAddresses: names(NAMES.email).map(text),
      uris: names(NAMES.uri).map(text),
      ipAddresses: names(NAMES.ip),
    }
    const signatureError = signatureProblem({
      algorithm: objectIdentifier(childrenOf(algorithm)[0]),
      publicKey: expectTag(publicKey, TAG.sequence),
      signed: info!.whole,
      signature: bitString(signature),
    })
    return { ok: true, request, signatureError }
  } catch (error) {
    if (error instanceof DerError) return { ok: false, error: error.message }
    throw error
  }
}

/** The values of one attribute of a distinguished name, in order. */
function attributeValues(name: DerNode | undefined, wanted: string): string[] {
  return childrenOf(name)
    .flatMap(relative => childrenOf(relative, TAG.set))
    .map(attribute => childrenOf(attribute))
    .filter(([type]) => objectIdentifier(type) === wanted)
    .map(([, value]) => text(value?.content ?? new Uint8Array()))
}

/** The subject's alternative names, by the choice that is asked for. */
function alternativeNames(attributes: DerNode | undefined): (choice: number) => Uint8Array[] {
  const extensions =
    attributes?.tag === TAG.context0
      ? childrenOf(attributes, TAG.context0)
          .map(attribute => childrenOf(attribute))
          .filter(([type]) => objectIdentifier(type) === EXTENSION_REQUEST)
          .flatMap(([, values]) => childrenOf(values, TAG.set))
          .flatMap(list => childrenOf(list))
          .map(extension => childrenOf(extension))
      : []
  const names = extensions
    .filter(([type]) => objectIdentifier(type) === ALTERNATIVE_NAMES)
    .flatMap(extension => childrenOf(readDer(expectTag(extension.at(-1), TAG.octetString).content)))
  return choice => names.filter(({ tag }) => tag === choice).map(({ content }) => content)
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}
