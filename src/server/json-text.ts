/**
 * The JSON of stored objects, made once for everyone who asks. They are frozen and shared, so that the text may hang
 * on the object and goes with it. Stands for upstream's `CacheableObject`, and for its encoder of collections, which
 * hands a list on piece by piece (StreamingCollectionEncodingToJSON).
 */
import type { KubeObject } from '../api/index.ts'

/** Which part of an object is written. */
export type Part = 'whole' | 'untyped' | 'v1' | 'v1beta1'

const texts: Readonly<Record<Part, WeakMap<object, string>>> = {
  whole: new WeakMap(),
  untyped: new WeakMap(),
  v1: new WeakMap(),
  v1beta1: new WeakMap(),
}

/**
 * An object's JSON: as it is, without the kind and version that a list says for all, or its metadata only under a
 * version of meta.k8s.io.
 */
export function jsonOf(object: KubeObject, part: Part): string {
  const known = texts[part].get(object)
  if (known !== undefined) return known
  const text = JSON.stringify(partOf(object, part))
  if (Object.isFrozen(object)) texts[part].set(object, text)
  return text
}

function partOf(object: KubeObject, part: Part): object {
  if (part === 'whole') return object
  if (part === 'untyped') return { ...object, kind: undefined, apiVersion: undefined }
  return { kind: 'PartialObjectMetadata', apiVersion: `meta.k8s.io/${part}`, metadata: object.metadata }
}

/** What a list's pieces are gathered to before they are handed on, in characters. */
const PIECE = 1 << 16

/** `head` with an array of JSON texts as its last field, in pieces of some size. */
export function* jsonWithArray(head: object, field: string, texts: Iterable<string>): Iterable<string> {
  const opened = JSON.stringify(head).slice(0, -1)
  let piece = `${opened}${opened === '{' ? '' : ','}${JSON.stringify(field)}:[`
  let isFirst = true
  for (const text of texts) {
    piece += isFirst ? text : `,${text}`
    isFirst = false
    if (piece.length < PIECE) continue
    yield piece
    piece = ''
  }
  yield `${piece}]}\n`
}
