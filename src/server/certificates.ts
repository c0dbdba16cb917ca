/**
 * The cluster's own certificate authority, and what it signs: the server's certificate and the administrator's.
 * Mirrors kubeadm's certs phase (CA ten years, leaves one); keys are P-256, as they are made in no time.
 */
import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import { isIP } from 'node:net'
import * as x509 from '@peculiar/x509'

/** A certificate and its private key, PEM. */
export interface KeyPair {
  readonly certificate: string
  readonly key: string
}

/** Whom a client certificate names. */
export interface Subject {
  /** CN: the user. */
  readonly name: string
  /** O, one each: the groups. */
  readonly groups: readonly string[]
}

/** A certificate that somebody asks for. */
export interface CertificateOrder {
  /** The request, PEM. */
  readonly request: string
  /** `client auth`, ... */
  readonly usages: readonly string[]
  readonly seconds: number
}

/** Certificates are good from a little before they are made; short ones lose nothing by it. */
const BACKDATE_MS = 300_000
const SHORT_MS = 8 * 3_600_000
const SUBJECT_ALTERNATIVE_NAME = '2.5.29.17'
const YEAR_MS = 365 * 24 * 3_600_000
/** Clocks differ: everything is valid from an hour ago. */
const SKEW_MS = 3_600_000
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const

x509.cryptoProvider.set(webcrypto as unknown as Parameters<typeof x509.cryptoProvider.set>[0])

/** A certificate authority that signs for one cluster. */
export class CertificateAuthority {
  /** PEM; what goes into kubeconfigs and `kube-root-ca.crt`. */
  readonly certificate: string
  readonly #authority: x509.X509Certificate
  readonly #keys: CryptoKeyPair
  readonly #nowMs: number

  private constructor(authority: x509.X509Certificate, keys: CryptoKeyPair, nowMs: number) {
    this.#authority = authority
    this.#keys = keys
    this.#nowMs = nowMs
    this.certificate = `${authority.toString('pem')}\n`
  }

  /** A new authority, valid for ten years from `nowMs` (real time). */
  static async create(nowMs: number): Promise<CertificateAuthority> {
    const keys = await newKeys()
    const authority = await x509.X509CertificateGenerator.createSelfSigned({
      serialNumber: newSerial(),
      name: [{ CN: ['kubernetes'] }],
      notBefore: new Date(nowMs - SKEW_MS),
      notAfter: new Date(nowMs + 10 * YEAR_MS),
      keys,
      signingAlgorithm: ALGORITHM,
      extensions: [
        new x509.BasicConstraintsExtension(true, undefined, true),
        new x509.KeyUsagesExtension(
          x509.KeyUsageFlags.digitalSignature |
            x509.KeyUsageFlags.keyEncipherment |
            x509.KeyUsageFlags.keyCertSign,
          true,
        ),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
        new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: 'kubernetes' }]),
      ],
    })
    return new CertificateAuthority(authority, keys, nowMs)
  }

  /** A server certificate for these host names and IP addresses. */
  server(hosts: readonly string[]): Promise<KeyPair> {
    const names = hosts.map(value => ({ type: isIP(value) ? 'ip' : 'dns', value }) as const)
    return this.#issue({ name: 'kube-apiserver', groups: [] }, x509.ExtendedKeyUsage.serverAuth, names)
  }

  /** A client certificate. */
  client(subject: Subject): Promise<KeyPair> {
    return this.#issue(subject, x509.ExtendedKeyUsage.clientAuth, [])
  }

  /** The certificate of a request, PEM, from `nowMs` (real time) on. Rejects with what is wrong with its key. */
  async sign({ request, usages, seconds }: CertificateOrder, nowMs: number): Promise<string> {
    const asked = new x509.Pkcs10CertificateRequest(request)
    const names = asked.getExtension(SUBJECT_ALTERNATIVE_NAME)
    const [flags, purposes] = readUsages(usages)
    const extensions: x509.Extension[] = [
      ...(flags ? [new x509.KeyUsagesExtension(flags, true)] : []),
      ...(purposes.length > 0 ? [new x509.ExtendedKeyUsageExtension(purposes)] : []),
      new x509.BasicConstraintsExtension(false, undefined, true),
      await x509.AuthorityKeyIdentifierExtension.create(this.#keys.publicKey),
      ...(names ? [names] : []),
    ]
    const notBeforeMs = nowMs - BACKDATE_MS
    const endMs = (seconds * 1000 < SHORT_MS ? nowMs : notBeforeMs) + seconds * 1000
    const certificate = await x509.X509CertificateGenerator.create({
      serialNumber: newSerial(),
      subject: asked.subjectName.toJSON(),
      issuer: this.#authority.subjectName.toJSON(),
      notBefore: new Date(notBeforeMs),
      notAfter: new Date(Math.min(endMs, this.#authority.notAfter.getTime())),
      publicKey: asked.publicKey,
      signingKey: this.#keys.privateKey,
      signingAlgorithm: ALGORITHM,
      extensions,
    })
    return `${certificate.toString('pem')}\n`
  }

  async #issue(
    subject: Subject,
    usage: x509.ExtendedKeyUsage,
    hosts: x509.JsonGeneralName[],
  ): Promise<KeyPair> {
    const keys = await newKeys()
    const extensions: x509.Extension[] = [
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyEncipherment,
        true,
      ),
      new x509.ExtendedKeyUsageExtension([usage]),
      new x509.BasicConstraintsExtension(false, undefined, true),
      await x509.AuthorityKeyIdentifierExtension.create(this.#keys.publicKey),
    ]
    if (hosts.length > 0) extensions.push(new x509.SubjectAlternativeNameExtension(hosts))
    const organisations = subject.groups.map(group => ({ O: [group] }))
    const certificate = await x509.X509CertificateGenerator.create({
      serialNumber: newSerial(),
      subject: new x509.Name([...organisations, { CN: [subject.name] }]).toJSON(),
      issuer: this.#authority.subjectName.toJSON(),
      notBefore: new Date(this.#nowMs - SKEW_MS),
      notAfter: new Date(this.#nowMs + YEAR_MS),
      publicKey: keys.publicKey,
      signingKey: this.#keys.privateKey,
      signingAlgorithm: ALGORITHM,
      extensions,
    })
    const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)
    return {
      certificate: `${certificate.toString('pem')}\n`,
      key: `${x509.PemConverter.encode(key, 'PRIVATE KEY')}\n`,
    }
  }
}

type CryptoKeyPair = webcrypto.CryptoKeyPair

const { KeyUsageFlags: FLAG, ExtendedKeyUsage: PURPOSE } = x509

/** `keyUsageDict` of pkg/controller/certificates/authority. */
const FLAGS: Readonly<Record<string, x509.KeyUsageFlags>> = {
  signing: FLAG.digitalSignature,
  'digital signature': FLAG.digitalSignature,
  'content commitment': FLAG.nonRepudiation,
  'key encipherment': FLAG.keyEncipherment,
  'key agreement': FLAG.keyAgreement,
  'data encipherment': FLAG.dataEncipherment,
  'cert sign': FLAG.keyCertSign,
  'crl sign': FLAG.cRLSign,
  'encipher only': FLAG.encipherOnly,
  'decipher only': FLAG.decipherOnly,
}
const PURPOSES: Readonly<Record<string, string>> = {
  any: '2.5.29.37.0',
  'server auth': PURPOSE.serverAuth,
  'client auth': PURPOSE.clientAuth,
  'code signing': PURPOSE.codeSigning,
  'email protection': PURPOSE.emailProtection,
  's/mime': PURPOSE.emailProtection,
  'ipsec end system': '1.3.6.1.5.5.7.3.5',
  'ipsec tunnel': '1.3.6.1.5.5.7.3.6',
  'ipsec user': '1.3.6.1.5.5.7.3.7',
  timestamping: PURPOSE.timeStamping,
  'ocsp signing': PURPOSE.ocspSigning,
  'microsoft sgc': '1.3.6.1.4.1.311.10.3.3',
  'netscape sgc': '2.16.840.1.113730.4.1',
}

/** What a certificate is for, as flags and as purposes; validation has seen to it that all are known. */
function readUsages(usages: readonly string[]): [x509.KeyUsageFlags, string[]] {
  const flags = usages.reduce((sum, usage) => sum | (FLAGS[usage] ?? 0), 0)
  return [flags, [...new Set(usages.flatMap(usage => PURPOSES[usage] ?? []))].sort()]
}

function newKeys(): Promise<CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
}

/** Positive and short enough for everyone: 15 random bytes under a first one that is neither 0 nor negative. */
function newSerial(): string {
  return `4b${Buffer.from(webcrypto.getRandomValues(new Uint8Array(15))).toString('hex')}`
}
