/**
 * Gives pods 300 seconds on a node that is not ready or cannot be reached, unless they say otherwise. Mirrors
 * `plugin/pkg/admission/defaulttolerationseconds`.
 */
import { API_SERVER, memoiseByObject, NAMES, type Pod, Pods } from '../../api/index.ts'
import type { AdmissionPlugin } from './plugin.ts'

type Toleration = NonNullable<Pod['spec']['tolerations']>[number]

const tolerating = (key: string): Toleration =>
  Object.freeze({
    key,
    operator: 'Exists',
    effect: 'NoExecute',
    tolerationSeconds: API_SERVER.defaultTolerationSeconds,
  })

const NOT_READY = tolerating(NAMES.notReadyTaint)
const UNREACHABLE = tolerating(NAMES.unreachableTaint)
const BOTH = Object.freeze([NOT_READY, UNREACHABLE]) as Toleration[]

export const DEFAULT_TOLERATION_SECONDS: AdmissionPlugin = {
  name: 'DefaultTolerationSeconds',

  handles: (kind, operation, subresource) =>
    kind === Pods && subresource === '' && (operation === 'CREATE' || operation === 'UPDATE'),

  admit(object) {
    const pod = object as Pod
    if (!pod.spec) return undefined
    const spec = tolerant(pod.spec)
    return spec === pod.spec ? pod : ({ ...pod, spec } as Pod)
  },
}

/** Frozen like its origin: pods of one template go on sharing one spec. */
const tolerant = memoiseByObject((spec: Pod['spec']): Pod['spec'] => {
  const present = spec.tolerations
  const tolerations = present && present.length > 0 ? withMissing(present) : BOTH
  if (tolerations === present) return spec
  const complete = { ...spec, tolerations: Object.freeze(tolerations) as Toleration[] }
  return Object.isFrozen(spec) ? Object.freeze(complete) : complete
})

function withMissing(present: Toleration[]): Toleration[] {
  const needsNotReady = !present.some(t => tolerates(t, NAMES.notReadyTaint))
  const needsUnreachable = !present.some(t => tolerates(t, NAMES.unreachableTaint))
  if (!needsNotReady && !needsUnreachable) return present
  return [...present, ...(needsNotReady ? [NOT_READY] : []), ...(needsUnreachable ? [UNREACHABLE] : [])]
}

function tolerates({ key, effect }: Toleration, taint: string): boolean {
  return (key === taint || !key) && (effect === 'NoExecute' || !effect)
}
