/**
 * Whether a request was signed by the key that it names: RSA (PKCS #1 v1.5) and ECDSA on P-256, both with SHA-256, in
 * plain arithmetic, so that every run judges alike wherever it is played. Other algorithms are believed.
 */
import { sha256 } from '../../sim/index.ts'
import { bitString, childrenOf, type DerNode, integer, objectIdentifier, readDer, unsigned } from './der.ts'

export interface Signed {
  /** The signature's, as an object identifier. */
  readonly algorithm: string
  /** SubjectPublicKeyInfo. */
  readonly publicKey: DerNode
  readonly signed: Uint8Array
  readonly signature: Uint8Array
}

const RSA_WITH_SHA256 = '1.2.840.113549.1.1.11'
const ECDSA_WITH_SHA256 = '1.2.840.10045.4.3.2'
const P256 = '1.2.840.10045.3.1.7'
/** DigestInfo of SHA-256, before the digest. */
const DIGEST_INFO = '3031300d060960864801650304020105000420'

/** In the words of Go's crypto/x509; undefined for a good signature. */
export function signatureProblem({ algorithm, publicKey, signed, signature }: Signed): string | undefined {
  const [identifier, key] = childrenOf(publicKey)
  const bytes = bitString(key)
  if (algorithm === RSA_WITH_SHA256) {
    return isRsaSigned(bytes, signed, signature) ? undefined : 'crypto/rsa: verification error'
  }
  const [, curve] = childrenOf(identifier)
  if (algorithm === ECDSA_WITH_SHA256 && curve && objectIdentifier(curve) === P256) {
    return isCurveSigned(bytes, signed, signature) ? undefined : 'x509: ECDSA verification failure'
  }
  return undefined
}

function isRsaSigned(key: Uint8Array, signed: Uint8Array, signature: Uint8Array): boolean {
  const [modulus, exponent] = childrenOf(readDer(key)).map(integer)
  if (!modulus || !exponent || exponent > 0xffff_ffffn) return false
  const length = Math.ceil(modulus.toString(16).length / 2)
  if (signature.length !== length) return false
  const found = power(unsigned(signature), exponent, modulus)
    .toString(16)
    .padStart(length * 2, '0')
  const tail = `00${DIGEST_INFO}${hex(sha256(signed))}`
  return found === `0001${'f'.repeat(length * 2 - 4 - tail.length)}${tail}`
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n
  let square = base % modulus
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * square) % modulus
    square = (square * square) % modulus
  }
  return result
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')
}

/** The field, the order and the base point of P-256 (FIPS 186-4). */
const FIELD = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
const CURVE_B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn
const BASE: Point = {
  x: 0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296n,
  y: 0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5n,
  z: 1n,
}

/** In Jacobian coordinates; z is 0 at infinity. */
interface Point {
  readonly x: bigint
  readonly y: bigint
  readonly z: bigint
}

const INFINITY: Point = { x: 1n, y: 1n, z: 0n }

function isCurveSigned(key: Uint8Array, signed: Uint8Array, signature: Uint8Array): boolean {
  // Uncompressed points only, as Go takes them.
  if (key.length !== 65 || key[0] !== 4) return false
  const point = { x: unsigned(key.subarray(1, 33)), y: unsigned(key.subarray(33)), z: 1n }
  if (inField(point.y ** 2n - (point.x ** 3n - 3n * point.x + CURVE_B)) !== 0n) return false
  const [r, s] = childrenOf(readDer(signature)).map(integer)
  if (!r || !s || r >= ORDER || s >= ORDER) return false
  const digest = unsigned(sha256(signed))
  const inverse = power(s, ORDER - 2n, ORDER)
  const sum = add(times((digest * inverse) % ORDER, BASE), times((r * inverse) % ORDER, point))
  if (sum.z === 0n) return false
  const scale = power(sum.z, FIELD - 2n, FIELD)
  return inField(sum.x * scale * scale) % ORDER === r
}

function inField(value: bigint): bigint {
  const rest = value % FIELD
  return rest < 0n ? rest + FIELD : rest
}

function times(count: bigint, point: Point): Point {
  let sum = INFINITY
  let doubled = point
  for (let left = count; left > 0n; left >>= 1n) {
    if (left & 1n) sum = add(sum, doubled)
    doubled = double(doubled)
  }
  return sum
}

function double({ x, y, z }: Point): Point {
  if (z === 0n) return INFINITY
  const square = inField(z * z)
  const slope = inField(3n * (x - square) * (x + square))
  const ySquared = inField(y * y)
  const middle = inField(4n * x * ySquared)
  const next = inField(slope * slope - 2n * middle)
  return {
    x: next,
    y: inField(slope * (middle - next) - 8n * ySquared * ySquared),
    z: inField(2n * y * z),
  }
}

function add(a: Point, b: Point): Point {
  if (a.z === 0n) return b
  if (b.z === 0n) return a
  const [aa, bb] = [inField(a.z * a.z), inField(b.z * b.z)]
  const [left, right] = [inField(a.x * bb), inField(b.x * aa)]
  const [top, bottom] = [inField(a.y * bb * b.z), inField(b.y * aa * a.z)]
  if (left === right) return top === bottom ? double(a) : INFINITY
  const width = inField(right - left)
  const rise = inField(bottom - top)
  const squared = inField(width * width)
  const cubed = inField(squared * width)
  const middle = inField(left * squared)
  const x = inField(rise * rise - cubed - 2n * middle)
  return { x, y: inField(rise * (middle - x) - top * cubed), z: inField(width * a.z * b.z) }
}
