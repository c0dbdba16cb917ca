/**
 * What a webhook answers with, and whether it is of the types it should be: it comes from a stranger. Pure; stands
 * where upstream decodes into structs of `k8s.io/api/admission`.
 */
import { type AnyKind, checkSchema, hasSpec, type KubeObject, type Status } from '../../../api/index.ts'
import { withoutPaths } from '../../prune.ts'
import type { Attributes } from '../plugin.ts'

export interface Review {
  readonly apiVersion?: string
  readonly kind?: string
  readonly response?: {
    readonly uid?: string
    readonly allowed?: boolean
    readonly status?: Partial<Status>
    readonly warnings?: readonly string[]
    readonly patch?: string
    readonly patchType?: string
  }
}

type BodyKind = NonNullable<Attributes['bodyKind']>

type Shape = 'string' | 'bool' | 'int32' | '[]string' | '[]int32' | { readonly [member: string]: Shape }

const REVIEW: Shape = {
  apiVersion: 'string',
  kind: 'string',
  response: {
    uid: 'string',
    allowed: 'bool',
    status: {
      status: 'string',
      message: 'string',
      reason: 'string',
      code: 'int32',
      details: { retryAfterSeconds: 'int32' },
    },
    warnings: '[]string',
    patch: 'string',
    patchType: 'string',
  },
}

const STREAM: Shape = { stdin: 'bool', stdout: 'bool', stderr: 'bool', tty: 'bool', container: 'string' }

/** Options of connections, which the published schemas do not have. */
const OPTIONS: ReadonlyMap<string, Shape> = new Map<string, Shape>([
  ['PodAttachOptions', STREAM],
  ['PodExecOptions', { ...STREAM, command: '[]string' }],
  ['PodPortForwardOptions', { ports: '[]int32' }],
  ['PodProxyOptions', { path: 'string' }],
  ['ServiceProxyOptions', { path: 'string' }],
  ['NodeProxyOptions', { path: 'string' }],
])

/** The first member of another type than it should have, in Go's words; undefined for an answer that is one. */
export function misfitIn(answer: unknown): string | undefined {
  return misfit(answer, REVIEW, 'AdmissionReview')
}

/** `path` begins with the name of the type. */
function misfit(value: unknown, shape: Shape, path: string): string | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof shape === 'string') {
    if (TESTS[shape](value)) return undefined
    return `json: cannot unmarshal ${typeOf(value)} into Go struct field ${path} of type ${shape}`
  }
  if (typeof value !== 'object' || Array.isArray(value)) {
    return `json: cannot unmarshal ${typeOf(value)} into Go value of ${path}`
  }
  const record = value as Readonly<Record<string, unknown>>
  for (const [member, of] of Object.entries(shape)) {
    const found = misfit(record[member], of, `${path}.${member}`)
    if (found) return found
  }
  return undefined
}

const TESTS: Readonly<Record<Extract<Shape, string>, (value: unknown) => boolean>> = {
  string: value => typeof value === 'string',
  bool: value => typeof value === 'boolean',
  int32: Number.isInteger,
  '[]int32': value => Array.isArray(value) && value.every(Number.isInteger),
  '[]string': value => Array.isArray(value) && value.every(one => typeof one === 'string'),
}

function typeOf(value: unknown): string {
  if (typeof value === 'boolean') return 'bool'
  return Array.isArray(value) ? 'array' : typeof value
}

/** What a patch has made of an object, decoded again; a text where it is no object of its kind any more. */
export function decodedAgain(patched: unknown, kind: BodyKind | AnyKind): KubeObject | string {
  if (typeof patched !== 'object' || patched === null || Array.isArray(patched)) {
    return `json: cannot unmarshal ${typeOf(patched)} into Go value of ${kind.kind}`
  }
  const apiVersion = kind.group ? `${kind.group}/${kind.version}` : kind.version
  const named = { apiVersion, kind: kind.kind }
  const options = kind.group === '' ? OPTIONS.get(kind.kind) : undefined
  if (options)
    return misfit(patched, options, kind.kind) ?? ({ ...patched, ...named } as unknown as KubeObject)
  const { metadata, ...rest } = patched as Partial<KubeObject>
  const object = { ...rest, ...named, metadata: metadata ?? {} } as KubeObject
  const findUnknown = 'findUnknown' in kind ? kind.findUnknown : undefined
  const { unknown, typeErrors } = findUnknown?.(object) ?? checkSchema(named, object)
  const [typeError] = typeErrors
  if (typeError) return typeError
  // Custom resources are pruned when they get their defaults.
  if (findUnknown) return object
  const known = withoutPaths(object, unknown) as KubeObject & { readonly spec?: unknown }
  return hasSpec(named) ? ({ ...known, spec: known.spec ?? {} } as KubeObject) : known
}
