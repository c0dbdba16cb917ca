/**
 * `kubectl rollout undo`: back to an earlier template. Mirrors k8s.io/kubectl/pkg/polymorphichelpers/rollback.go.
 */
import type { PodTemplateSpec } from 'kubernetes-types/core/v1.js'
import { DEPLOYMENT, type Deployment, NAMES, semanticEqual } from '../../api/index.ts'
import { type ApiResult, call, type PatchType, requestFor } from '../../client/index.ts'
import type { Routine } from '../../sim/index.ts'
import { LAST_APPLIED } from '../apply-object.ts'
import type { Command, Invocation } from '../context.ts'
import { KubectlError } from '../kubectl-error.ts'
import { resultPrinter } from '../results.ts'
import { history, type Revision } from '../revisions.ts'
import { SELECTION_FLAGS, type Selected, selectObjects } from '../selection.ts'
import { dryRunOf, WRITE_FLAGS } from '../write-flags.ts'
import { templateText } from './rollout-history.ts'

/** The Deployment keeps its own of these; the others come from the ReplicaSet. */
const KEPT_ANNOTATIONS: readonly string[] = [
  LAST_APPLIED,
  DEPLOYMENT.revisionAnnotation,
  DEPLOYMENT.revisionHistoryAnnotation,
  DEPLOYMENT.desiredReplicasAnnotation,
  DEPLOYMENT.maxReplicasAnnotation,
  'deprecated.deployment.rollback.to',
]

export const ROLLOUT_UNDO: Command = {
  name: 'rollout undo',
  flags: [...SELECTION_FLAGS, ...WRITE_FLAGS, { name: 'to-revision', type: 'integer' }],
  *run(invocation) {
    const { args } = invocation
    const toRevision = args.flags.integer('to-revision') ?? 0
    const print = resultPrinter(invocation)
    const targets = yield* selectObjects(invocation, args.words, {
      allByDefault: true,
      whenNothing: 'error: required resource not specified',
    })
    for (const target of targets) {
      try {
        print(target.kind, target.object, yield* rollBack(invocation, target, toRevision))
      } catch (error) {
        if (!(error instanceof KubectlError)) throw error
        invocation.fail(error.message)
      }
    }
  },
}

/** Rolls one object back and says what was done. Throws KubectlError. */
function* rollBack(invocation: Invocation, target: Selected, toRevision: number): Routine<string> {
  const entries = yield* history(invocation.context, target, 'rollbacker')
  const wanted = find(entries, target, toRevision)
  const isDeployment = target.kind.kind === 'Deployment'
  if (dryRunOf(invocation.args.flags) === 'client') {
    const text = templateText(wanted.template)
    return isDeployment ? text : `will roll back to ${text}`
  }
  const { object } = target
  const { spec } = object as Deployment
  if (isDeployment && spec?.paused) {
    throw new KubectlError(
      "error: you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume' and try again",
    )
  }
  if (semanticEqual(withoutHash(wanted.template), withoutHash(spec!.template))) {
    return `skipped rollback (current template already matches revision ${toRevision})`
  }
  if (isDeployment) yield* patch(invocation, target, 'json', deploymentPatch(wanted, target), toRevision)
  else yield* patch(invocation, target, 'strategic', wanted.patch, toRevision)
  return 'rolled back'
}

function find(entries: readonly Revision[], target: Selected, toRevision: number): Revision {
  if (toRevision !== 0) {
    const entry = entries.find(({ revision }) => revision === toRevision)
    if (entry) return entry
    throw new KubectlError(`error: unable to find specified revision ${toRevision} in history`)
  }
  const previous = entries.at(-2)
  if (previous) return previous
  throw new KubectlError(
    target.kind.kind === 'Deployment'
      ? `error: no rollout history found for deployment ${JSON.stringify(target.name)}`
      : 'error: no last revision to roll back to',
  )
}

function withoutHash(template: PodTemplateSpec): PodTemplateSpec {
  const { [NAMES.podTemplateHashLabel]: _, ...labels } = template.metadata?.labels ?? {}
  return { ...template, metadata: { ...template.metadata, labels } }
}

function deploymentPatch({ template, object }: Revision, target: Selected): unknown {
  const own = target.object.metadata.annotations ?? {}
  const others = object.metadata.annotations ?? {}
  const annotations = Object.fromEntries([
    ...KEPT_ANNOTATIONS.filter(key => key in own).map(key => [key, own[key]]),
    ...Object.entries(others).filter(([key]) => !KEPT_ANNOTATIONS.includes(key)),
  ])
  return [
    { op: 'replace', path: '/spec/template', value: withoutHash(template) },
    { op: 'replace', path: '/metadata/annotations', value: annotations },
  ]
}

function* patch(
  invocation: Invocation,
  { kind, namespace, name }: Selected,
  patchType: PatchType,
  body: unknown,
  toRevision: number,
): Routine<void> {
  const dryRun = dryRunOf(invocation.args.flags) === 'server'
  const result: ApiResult = yield* call(
    invocation.context.api,
    requestFor('patch', kind, namespace, name, { body, options: { patchType, dryRun }, isFromWire: true }),
  )
  if (result.ok) return
  throw new KubectlError(`error: failed restoring revision ${toRevision}: ${result.status.message}`)
}
