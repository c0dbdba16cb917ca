/**
 * Which ReplicaSet is the current one, and what its revision is. Mirrors `getNewReplicaSet` of `sync.go` and the
 * annotations of `deployment_util.go`. A template's text is remembered, so that comparing costs a look-up.
 */
import type { PodTemplateSpec } from 'kubernetes-types/core/v1.js'
import {
  canonicalJson,
  DEPLOYMENT,
  type Deployment,
  Deployments,
  NAMES,
  type NewObject,
  type ReplicaSet,
  ReplicaSets,
  templateHash,
} from '../../api/index.ts'
import { controllerRef } from '../shared/controller-ref.ts'
import { remember } from '../shared/remember.ts'
import { byAge, maxSurge, type ReplicaSetsOf, revisionOf, specReplicas } from './replica-sets.ts'

type Annotations = Readonly<Record<string, string>>

/** Annotations of a Deployment that its ReplicaSets do not get. */
const OWN_ANNOTATIONS = new Set<string>([
  'kubectl.kubernetes.io/last-applied-configuration',
  DEPLOYMENT.revisionAnnotation,
  DEPLOYMENT.revisionHistoryAnnotation,
  DEPLOYMENT.desiredReplicasAnnotation,
  DEPLOYMENT.maxReplicasAnnotation,
  'deprecated.deployment.rollback.to',
])

/** The oldest ReplicaSet with the Deployment's template is the current one. */
export function findReplicaSets(deployment: Deployment, owned: readonly ReplicaSet[]): ReplicaSetsOf {
  const wanted = templateText(deployment.spec.template)
  let current: ReplicaSet | undefined
  for (const replicaSet of owned) {
    const { template } = replicaSet.spec
    if (current && byAge(current, replicaSet) <= 0) continue
    if (template && templateText(template) === wanted) current = replicaSet
  }
  return { current, old: owned.filter(replicaSet => replicaSet !== current) }
}

/** A template as text, but for its pod-template-hash. */
const templateText = remember((template: PodTemplateSpec) => {
  const { [NAMES.podTemplateHashLabel]: _, ...labels } = template.metadata?.labels ?? {}
  return canonicalJson({ ...template, metadata: { ...template.metadata, labels } })
})

/** One more than the highest revision among the old ReplicaSets. */
export function nextRevision(old: readonly ReplicaSet[]): number {
  return old.reduce((highest, replicaSet) => Math.max(highest, revisionOf(replicaSet)), 0) + 1
}

/** The ReplicaSet to create for the Deployment's present template. */
export function newReplicaSet(
  deployment: Deployment,
  replicas: number,
  revision: number,
): NewObject<ReplicaSet> {
  const { template, selector, minReadySeconds } = deployment.spec
  const hash = templateHash(template, deployment.status.collisionCount)
  const label = { [NAMES.podTemplateHashLabel]: hash }
  const labels = { ...template.metadata?.labels, ...label }
  return {
    apiVersion: ReplicaSets.apiVersion,
    kind: ReplicaSets.kind,
    metadata: {
      name: `${deployment.metadata.name}-${hash}`,
      namespace: deployment.metadata.namespace,
      labels,
      annotations: {
        ...inherited(deployment),
        [DEPLOYMENT.revisionAnnotation]: String(revision),
        ...sizeAnnotations(deployment),
      },
      ownerReferences: [controllerRef(Deployments, deployment)],
    },
    spec: {
      replicas,
      ...(minReadySeconds ? { minReadySeconds } : undefined),
      selector: { ...selector, matchLabels: { ...selector.matchLabels, ...label } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
    status: { replicas: 0 },
  }
}

/**
 * The current ReplicaSet with the annotations, revision and minReadySeconds it should have; the very same object
 * when it has them. An older revision that became current again (a rollback) gets a new number.
 */
export function broughtUpToDate(deployment: Deployment, current: ReplicaSet, revision: number): ReplicaSet {
  const before: Annotations = current.metadata.annotations ?? {}
  const own = inherited(deployment)
  const minReadySeconds = deployment.spec.minReadySeconds ?? 0
  const isSame =
    minReadySeconds === (current.spec.minReadySeconds ?? 0) &&
    revisionOf(current) >= revision &&
    Object.keys(own).every(name => own[name] === before[name])
  if (isSame) return current
  const annotations: Record<string, string> = { ...before, ...own }
  const oldRevision = before[DEPLOYMENT.revisionAnnotation]
  if (revisionOf(current) < revision) {
    annotations[DEPLOYMENT.revisionAnnotation] = String(revision)
    if (oldRevision !== undefined) {
      const history = before[DEPLOYMENT.revisionHistoryAnnotation]
      annotations[DEPLOYMENT.revisionHistoryAnnotation] = history ? `${history},${oldRevision}` : oldRevision
    }
  }
  return {
    ...current,
    metadata: { ...current.metadata, annotations },
    spec: { ...current.spec, minReadySeconds },
  }
}

/** The current ReplicaSet's size annotations, from which a later resize computes proportions. */
export function sizeAnnotations(deployment: Deployment): Annotations {
  const wanted = specReplicas(deployment)
  return {
    [DEPLOYMENT.desiredReplicasAnnotation]: String(wanted),
    [DEPLOYMENT.maxReplicasAnnotation]: String(wanted + maxSurge(deployment)),
  }
}

function inherited(deployment: Deployment): Annotations {
  const { annotations } = deployment.metadata
  return annotations ? othersThanOwn(annotations) : NO_ANNOTATIONS
}

const NO_ANNOTATIONS: Annotations = Object.freeze({})

const othersThanOwn = remember(
  (annotations: Annotations): Annotations =>
    Object.fromEntries(Object.entries(annotations).filter(([name]) => !OWN_ANNOTATIONS.has(name))),
)
