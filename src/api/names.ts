/**
 * Names that machines make: suffixes of generateName, hashes of templates, uids. Mirrors apiserver's
 * `names.SimpleNameGenerator`, apimachinery's `rand` and the controllers' `ComputeHash`. Where it differs: Go
 * hashes a printed dump of its structs, we hash JSON with sorted keys, so a template's hash is not the one a real
 * cluster gives; like there, it depends on the template alone.
 */
import { v4 } from 'uuid'
import type { RandomStream } from '../sim/index.ts'
import { memoiseByObject } from './memo.ts'

/** No vowels and nothing that looks like one: no bad words. */
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789'
const SUFFIX_LENGTH = 5
/** Names are at most 63 characters, suffix included. */
const BASE_LENGTH = 63 - SUFFIX_LENGTH

/** `length` characters of Kubernetes' alphabet for random names. */
export function randomSuffix(random: RandomStream, length = SUFFIX_LENGTH): string {
  return random.letters(ALPHABET, length)
}

/** What the API server makes of a generateName. */
export function generateName(base: string, random: RandomStream): string {
  return base.slice(0, BASE_LENGTH) + randomSuffix(random)
}

/** Any text in the same alphabet, character by character (`rand.SafeEncodeString`). */
export function safeEncode(text: string): string {
  let encoded = ''
  for (const character of text) encoded += ALPHABET[character.codePointAt(0)! % ALPHABET.length]
  return encoded
}

/**
 * The value of `pod-template-hash` or of a ControllerRevision's name: the same for equal values, whatever the
 * order of their keys. `collisionCount` makes another when that one is taken.
 */
export function templateHash(template: object, collisionCount?: number): string {
  const hash = hashOf(template)
  if (collisionCount === undefined) return safeEncode(String(hash))
  return safeEncode(String(fnv1a(`/${collisionCount}`, hash)))
}

const hashOf = memoiseByObject((value: object) => fnv1a(canonicalJson(value), 0x811c9dc5))

function fnv1a(text: string, seed: number): number {
  let hash = seed
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0
}

/** JSON with sorted keys and without what is undefined: equal texts for equal values. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const record = value as Readonly<Record<string, unknown>>
  const fields = Object.keys(record)
    .filter(key => record[key] !== undefined)
    .sort()
    .map(key => `${JSON.stringify(key)}:${canonicalJson(record[key])}`)
  return `{${fields.join(',')}}`
}

/** A random UUID (version 4) for metadata.uid, from the seeded stream. */
export function newUid(random: RandomStream): string {
  random.bytes16(RANDOM.random)
  v4(RANDOM, UUID)
  return textOfUuid()
}

// Every object has a uid: the bytes, the options and the characters of the one in the making are kept, and its text
// is made in one piece.
const UUID = new Uint8Array(16)
const RANDOM = { random: new Uint8Array(16) }
const HEX = '0123456789abcdef'
const DASH = '-'.charCodeAt(0)
const UUID_TEXT: number[] = new Array(36).fill(DASH)

function textOfUuid(): string {
  for (let i = 0, at = 0; i < 16; i++) {
    if (i === 4 || i === 6 || i === 8 || i === 10) at++
    UUID_TEXT[at++] = HEX.charCodeAt(UUID[i]! >> 4)
    UUID_TEXT[at++] = HEX.charCodeAt(UUID[i]! & 15)
  }
  return String.fromCharCode(...UUID_TEXT)
}
