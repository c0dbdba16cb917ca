/**
 * Which form an answer takes: the first clause of `Accept` that this server can serve. Protobuf and CBOR are not
 * served, so that clients who offer JSON too fall back to it. Mirrors `negotiation` of k8s.io/apiserver.
 */
import type { Status } from '../api/index.ts'

export type Encoding = 'json' | 'yaml'

/** What objects are made into before they are written. */
export type Shape = 'object' | 'table' | 'partial'

export interface Form {
  readonly encoding: Encoding
  readonly shape: Shape
  /** `v1` or `v1beta1` of meta.k8s.io, for tables and partial objects. */
  readonly metaVersion: string
  /** The parameters of the clause, for discovery (`as=APIGroupDiscoveryList`). */
  readonly parameters: Readonly<Record<string, string>>
}

const PLAIN: Form = { encoding: 'json', shape: 'object', metaVersion: 'v1', parameters: {} }

const ENCODINGS: Readonly<Record<string, Encoding>> = {
  'application/json': 'json',
  'application/*': 'json',
  '*/*': 'json',
  'application/yaml': 'yaml',
  'application/x-yaml': 'yaml',
}

const SHAPES: Readonly<Record<string, Shape>> = {
  Table: 'table',
  PartialObjectMetadata: 'partial',
  PartialObjectMetadataList: 'partial',
}

/** The form to answer in; undefined when nothing acceptable can be had (406). */
export function formOf(accept: string | undefined): Form | undefined {
  if (accept === undefined || accept.trim() === '') return PLAIN
  for (const clause of readAccept(accept)) {
    const encoding = ENCODINGS[clause.type]
    if (!encoding) continue
    const { as, g: group, v: version = 'v1' } = clause.parameters
    if (as === undefined) return { ...PLAIN, encoding, parameters: clause.parameters }
    const shape = SHAPES[as]
    if (!shape || group !== 'meta.k8s.io' || (version !== 'v1' && version !== 'v1beta1')) continue
    return { encoding, shape, metaVersion: version, parameters: clause.parameters }
  }
  return undefined
}

export interface AcceptClause {
  /** `application/json` in lower case. */
  readonly type: string
  readonly parameters: Readonly<Record<string, string>>
}

/** The clauses of an Accept header, best first (`q`), else as written. */
export function readAccept(accept: string): AcceptClause[] {
  const clauses = accept
    .split(',')
    .slice(0, MOST_CLAUSES)
    .map((text, order) => {
      const [type = '', ...pairs] = text.split(';')
      const parameters: Record<string, string> = Object.create(null)
      for (const pair of pairs) {
        const [name = '', value = ''] = pair.split('=')
        parameters[name.trim()] = value.trim()
      }
      const q = Number(parameters.q ?? 1)
      delete parameters.q
      return { type: type.trim().toLowerCase(), parameters, q: Number.isNaN(q) ? 1 : q, order }
    })
  return clauses.sort((a, b) => b.q - a.q || a.order - b.order)
}

const MOST_CLAUSES = 32

/** 406 in upstream's words. */
export const NOT_ACCEPTABLE: Status = Object.freeze({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Failure',
  message:
    'only the following media types are accepted: application/json, application/yaml, application/json;as=Table, application/json;as=PartialObjectMetadata',
  reason: 'NotAcceptable',
  code: 406,
})

/** The media type of a Content-Type header, in lower case, without parameters. */
export function mediaTypeOf(header: string | undefined): string {
  return (header ?? '').split(';', 1)[0]!.trim().toLowerCase()
}
