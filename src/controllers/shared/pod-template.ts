/**
 * From a pod template to a pod; mirrors `GetPodFromTemplate`. All pods of one owner share the frozen template's
 * spec, labels and owner references by reference: the API server recognises what it has validated before.
 */
import type { PodTemplateSpec } from 'kubernetes-types/core/v1.js'
import type { AnyKind, KubeObject, NewObject, OwnerReference, Pod } from '../../api/index.ts'
import { controllerRef } from './controller-ref.ts'

type NewPodMetadata = NewObject<Pod>['metadata']

const NEW_STATUS: Pod['status'] = Object.freeze({})

interface Skeleton {
  readonly ownerUid: string
  readonly ownerReferences: OwnerReference[]
  readonly labels: Record<string, string> | undefined
  readonly annotations: Record<string, string> | undefined
}

const skeletons = new WeakMap<object, Skeleton>()

/** What all pods made from the template for the owner have in common. */
function skeletonOf(kind: AnyKind, owner: KubeObject, template: PodTemplateSpec): Skeleton {
  let skeleton = skeletons.get(template)
  if (skeleton?.ownerUid !== owner.metadata.uid) {
    const reference = Object.freeze(controllerRef(kind, owner))
    skeleton = {
      ownerUid: owner.metadata.uid,
      ownerReferences: Object.freeze([reference]) as unknown as OwnerReference[],
      labels: template.metadata?.labels,
      annotations: template.metadata?.annotations,
    }
    skeletons.set(template, skeleton)
  }
  return skeleton
}

/**
 * A pod to create for `owner`, named by the server unless `more` gives a name. `spec` stands in for the template's where a controller had to change it.
 */
export function podFromTemplate(
  kind: AnyKind,
  owner: KubeObject,
  template: PodTemplateSpec,
  more?: Partial<NewPodMetadata>,
  spec: Pod['spec'] = template.spec ?? { containers: [] },
): NewObject<Pod> {
  const { labels, annotations, ownerReferences } = skeletonOf(kind, owner, template)
  const { name: ownerName, namespace } = owner.metadata
  const metadata: NewPodMetadata = { generateName: `${ownerName}-`, namespace }
  if (labels) metadata.labels = labels
  if (annotations) metadata.annotations = annotations
  metadata.ownerReferences = ownerReferences
  if (template.metadata?.finalizers) metadata.finalizers = template.metadata.finalizers
  if (more) Object.assign(metadata, more)
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec, status: NEW_STATUS }
}
