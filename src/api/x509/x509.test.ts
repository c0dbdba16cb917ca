import { expect, test } from 'vitest'
import { parseCertificateRequest } from './index.ts'
import { CARL, NODE } from './requests.testing.ts'

const parsed = (pem: string) => {
  const found = parseCertificateRequest(pem)
  if (!found.ok) throw new Error(found.error)
  return found
}

/** The request with one bit of the DER's byte at `at` turned, counted from the end where negative. */
function turned(pem: string, at: number): string {
  const [begin = '', ...lines] = pem.trim().split('\n')
  const end = lines.pop() ?? ''
  const bytes = Uint8Array.from(atob(lines.join('')), letter => letter.charCodeAt(0))
  bytes[at < 0 ? bytes.length + at : at]! ^= 1
  return [begin, btoa(String.fromCharCode(...bytes)), end].join('\n')
}

test('a request says whom it is for', () => {
  const { request, signatureError } = parsed(CARL)
  expect(request).toMatchObject({
    commonName: 'carl',
    organisations: ['dev', 'ops'],
    dnsNames: ['a.example'],
    emailAddresses: ['c@x.y'],
    uris: ['spiffe://x/y'],
  })
  expect(request.ipAddresses.map(bytes => [...bytes])).toEqual([[10, 0, 0, 1]])
  expect(signatureError).toBeUndefined()
  const other = parsed(NODE)
  expect(other.request).toMatchObject({
    commonName: 'system:node:n1',
    organisations: ['system:nodes'],
    dnsNames: [],
  })
  expect(other.signatureError).toBeUndefined()
})

test.each([
  ['RSA', CARL, 'crypto/rsa: verification error'],
  ['a curve', NODE, 'x509: ECDSA verification failure'],
])('with %s, a turned bit in what is signed or in the signature is seen', (_, pem, words) => {
  expect(parsed(turned(pem, -1)).signatureError).toBe(words)
  // The last letter of the common name: the subject is what the request begins with.
  const name = pem === CARL ? 'carl' : 'system:node:n1'
  const der = atob(pem.trim().split('\n').slice(1, -1).join(''))
  const changed = parsed(turned(pem, der.indexOf(name) + name.length - 1))
  expect(changed.request.commonName).not.toBe(name)
  expect(changed.signatureError).toBe(words)
})

test('what is no request is refused in words', () => {
  expect(parseCertificateRequest('nonsense')).toEqual({
    ok: false,
    error: 'PEM block type must be CERTIFICATE REQUEST',
  })
  const cut = '-----BEGIN CERTIFICATE REQUEST-----\nMIIC\n-----END CERTIFICATE REQUEST-----'
  expect(parseCertificateRequest(cut)).toEqual({ ok: false, error: 'asn1: syntax error: data truncated' })
})
