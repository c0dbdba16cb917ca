/**
 * Client-side apply of one object: the last applied configuration is kept in an annotation, and the patch is worked
 * out of it, the manifest and the live object. Mirrors kubectl/pkg/cmd/apply and k8s.io/kubectl/pkg/util/apply.go.
 */
import {
  type AnyKind,
  canonicalJson,
  createThreeWayMergePatch,
  createThreeWayStrategicMergePatch,
  type KubeObject,
  mergeRulesOf,
  type NewObject,
} from '../api/index.ts'
import { type ApiPort, type ApiResult, call, type RequestOptions, requestFor } from '../client/index.ts'
import type { Routine } from '../sim/index.ts'

export const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'

/** What apply did. */
export interface Applied {
  readonly verb: 'created' | 'configured' | 'unchanged'
  readonly object: KubeObject
  /** The live object had never been applied: kubectl warns about that. */
  readonly wasForeign: boolean
}

export interface ApplyOptions {
  readonly dryRun?: boolean
  readonly fieldValidation?: RequestOptions['fieldValidation']
}

type Json = Record<string, unknown>

/** Applies one object. A refusal goes to `refuse`, with what was being done to the file; it throws. */
export function* applyObject(
  api: ApiPort,
  kind: AnyKind,
  namespace: string,
  object: NewObject<KubeObject>,
  options: ApplyOptions,
  refuse: (result: Extract<ApiResult, { ok: false }>, doing: string) => never,
): Routine<Applied> {
  const name = object.metadata.name ?? ''
  const modified = withLastApplied(object, namespace)
  const live: ApiResult = yield* call(api, requestFor('get', kind, namespace, name))
  const wireOptions: RequestOptions = {
    dryRun: options.dryRun,
    fieldValidation: options.fieldValidation ?? 'Strict',
    fieldManager: 'kubectl-client-side-apply',
  }
  if (!live.ok) {
    if (live.code !== 404) {
      refuse(
        live,
        `retrieving current configuration of:\n${infoText(kind, namespace, name)}\nfrom server for:`,
      )
    }
    const created: ApiResult = yield* call(
      api,
      requestFor('create', kind, namespace, '', { body: modified, options: wireOptions, isFromWire: true }),
    )
    if (!created.ok) return refuse(created, 'creating')
    return { verb: 'created', object: created.object, wasForeign: false }
  }
  const annotation = live.object.metadata.annotations?.[LAST_APPLIED]
  const wasForeign = annotation === undefined
  const original = annotation === undefined ? {} : (JSON.parse(annotation) as Json)
  const rules = mergeRulesOf(kind.kind)
  const current = live.object as unknown as Json
  const patch = rules
    ? createThreeWayStrategicMergePatch(original, modified, current, rules)
    : createThreeWayMergePatch(original, modified, current)
  if (Object.keys(patch).length === 0) {
    return { verb: 'unchanged', object: live.object, wasForeign }
  }
  const patched: ApiResult = yield* call(
    api,
    requestFor('patch', kind, namespace, name, {
      body: patch,
      options: { ...wireOptions, patchType: rules ? 'strategic' : 'merge' },
      isFromWire: true,
    }),
  )
  if (!patched.ok) {
    const text = canonicalJson(patch)
    return refuse(patched, `applying patch:\n${text}\nto:\n${infoText(kind, namespace, name)}\nfor:`)
  }
  const isSame = patched.object.metadata.resourceVersion === live.object.metadata.resourceVersion
  return {
    verb: isSame ? 'unchanged' : 'configured',
    object: patched.object,
    wasForeign,
  }
}

/** An object as the resource builder prints it. */
function infoText({ group, version, plural, kind }: AnyKind, namespace: string, name: string): string {
  const resource = JSON.stringify(`${group}/${version}, Resource=${plural}`)
  const what = JSON.stringify(`${group}/${version}, Kind=${kind}`)
  return `Resource: ${resource}, GroupVersionKind: ${what}\nName: ${JSON.stringify(name)}, Namespace: ${JSON.stringify(namespace)}`
}

/** The object as sent: with its namespace, and itself in an annotation. */
export function withLastApplied(object: NewObject<KubeObject>, namespace: string): Json {
  const { [LAST_APPLIED]: _, ...annotations } = object.metadata.annotations ?? {}
  const metadata = { ...object.metadata, annotations, ...(namespace && { namespace }) }
  const plain = { ...object, metadata }
  const text = `${canonicalJson(plain)}\n`
  return { ...plain, metadata: { ...metadata, annotations: { ...annotations, [LAST_APPLIED]: text } } }
}
