/** What `kubectl wait --for` can wait for. Mirrors k8s.io/kubectl/pkg/cmd/wait. */
import type { KubeObject } from '../api/index.ts'
import { KubectlError } from './kubectl-error.ts'
import { selectPath } from './printers/jsonpath.ts'

export type WaitCondition =
  | { readonly type: 'create' | 'delete' }
  | { readonly type: 'object'; readonly isMet: (object: KubeObject) => boolean }

/** Reads `--for`. Throws KubectlError as kubectl words it. */
export function parseWaitCondition(text: string): WaitCondition {
  const lower = text.toLowerCase()
  if (lower === 'create' || lower === 'delete') return { type: lower }
  if (text.startsWith('condition=')) return statusCondition(text.slice('condition='.length))
  if (text.startsWith('jsonpath=')) return pathCondition(text.slice('jsonpath='.length))
  throw new KubectlError(`error: unrecognized condition: ${JSON.stringify(text)}`)
}

interface Conditioned {
  readonly metadata: { readonly generation?: number }
  readonly status?: {
    readonly observedGeneration?: number
    readonly conditions?: readonly {
      readonly type?: string
      readonly status?: string
      readonly observedGeneration?: number
    }[]
  }
}

/** `Available`, `Ready=False`; names and values are compared without regard to case. */
function statusCondition(text: string): WaitCondition {
  const equals = text.indexOf('=')
  const type = (equals < 0 ? text : text.slice(0, equals)).toLowerCase()
  const wanted = equals < 0 ? 'true' : text.slice(equals + 1).toLowerCase()
  return {
    type: 'object',
    isMet: object => {
      const { metadata, status } = object as KubeObject & Conditioned
      const condition = status?.conditions?.find(
        entry => entry.type?.toLowerCase() === type && entry.status !== undefined,
      )
      if (!condition) return false
      const observed = condition.observedGeneration ?? status?.observedGeneration
      const isStale =
        metadata.generation !== undefined && observed !== undefined && observed < metadata.generation
      return !isStale && condition.status!.toLowerCase() === wanted
    },
  }
}

/** `{.status.phase}=Running`, or the path alone for any value. */
function pathCondition(text: string): WaitCondition {
  const [path = '', value, ...more] = splitAtEquals(text)
  if (more.length > 0) {
    throw new KubectlError(
      "error: jsonpath wait format must be --for=jsonpath='{.status.readyReplicas}'=3 or --for=jsonpath='{.status.readyReplicas}'",
    )
  }
  if (path === '') throw new KubectlError('error: jsonpath expression cannot be empty')
  const wanted = value?.replace(/^['"]+|['"]+$/g, '')
  if (wanted === '') {
    throw new KubectlError(
      "error: jsonpath wait has to have a value after equal sign, like --for=jsonpath='{.status.readyReplicas}'=3",
    )
  }
  return { type: 'object', isMet: object => isFound(selectPath(path, object), wanted) }
}

function isFound(values: readonly unknown[], wanted: string | undefined): boolean {
  if (values.length === 0) return false
  if (values.length > 1) {
    throw new KubectlError('error: given jsonpath expression matches more than one value')
  }
  if (wanted === undefined) return true
  const [value] = values
  if (typeof value === 'object' && value !== null) {
    throw new KubectlError('error: jsonpath leads to a nested object or list which is not supported')
  }
  return String(value).trim() === wanted.trim()
}

/** Splits at single `=`; a doubled one belongs to the expression. */
function splitAtEquals(text: string): string[] {
  const parts: string[] = []
  let part = ''
  for (const piece of text.match(/==|=|[^=]+/g) ?? []) {
    if (piece !== '=') {
      part += piece
      continue
    }
    parts.push(part)
    part = ''
  }
  return [...parts, part]
}
