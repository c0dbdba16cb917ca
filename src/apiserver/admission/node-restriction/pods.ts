/** What a kubelet may do to pods: mirror its static ones, write the status of its own, delete and evict them. */
import { deepEqual, type KubeObject, Nodes, type Pod, Pods, statuses } from '../../../api/index.ts'
import { namesOf } from '../../authorization/pod-references.ts'
import type { AdmissionView, Attributes } from '../plugin.ts'
import type { Judgement } from './judgement.ts'

const MIRROR = 'kubernetes.io/config.mirror'

export function judgePod(
  nodeName: string,
  object: KubeObject | undefined,
  attributes: Attributes,
  view: AdmissionView,
): Judgement {
  const { subresource, operation, old } = attributes
  switch (subresource) {
    case '':
      if (operation === 'CREATE') return judgeMirror(nodeName, object as Pod, view)
      if (operation === 'DELETE') return judgeRemoval(nodeName, attributes, view)
      return `unexpected operation ${JSON.stringify(operation)}, node ${JSON.stringify(nodeName)} can only create and delete mirror pods`
    case 'status':
      return operation === 'UPDATE'
        ? judgeStatus(nodeName, object as Pod, old as Pod)
        : `unexpected operation ${JSON.stringify(operation)}`
    case 'eviction':
      return operation === 'CREATE'
        ? judgeEviction(nodeName, attributes, view)
        : `unexpected operation ${operation}`
    default:
      return `unexpected pod subresource ${JSON.stringify(subresource)}, only 'status' and 'eviction' are allowed`
  }
}

function judgeStatus(nodeName: string, pod: Pod, old: Pod): Judgement {
  if (old.spec.nodeName !== nodeName) {
    return `node ${JSON.stringify(nodeName)} can only update pod status for pods with spec.nodeName set to itself`
  }
  const [labels, before] = [pod.metadata.labels, old.metadata.labels]
  if (labels === before || deepEqual(labels ?? {}, before ?? {})) return undefined
  return `node ${JSON.stringify(nodeName)} cannot update labels through pod status`
}

function judgeRemoval(nodeName: string, { namespace, name }: Attributes, view: AdmissionView): Judgement {
  const pod = view.get(Pods, namespace, name)
  if (!pod) return { refused: statuses.notFound(Pods, name) }
  if (pod.spec.nodeName === nodeName) return undefined
  return `node ${JSON.stringify(nodeName)} can only delete pods with spec.nodeName set to itself`
}

function judgeEviction(nodeName: string, { namespace, name }: Attributes, view: AdmissionView): Judgement {
  const pod = view.get(Pods, namespace, name)
  if (!pod) return { refused: statuses.notFound(Pods, name) }
  if (pod.spec.nodeName === nodeName) return undefined
  return `node ${nodeName} can only evict pods with spec.nodeName set to itself`
}

function judgeMirror(nodeName: string, pod: Pod, view: AdmissionView): Judgement {
  const node = `node ${JSON.stringify(nodeName)}`
  if (pod.metadata.annotations?.[MIRROR] === undefined) {
    return `pod does not have ${JSON.stringify(MIRROR)} annotation, ${node} can only create mirror pods`
  }
  if (pod.spec.nodeName !== nodeName) return `${node} can only create pods with spec.nodeName set to itself`
  return judgeOwner(nodeName, pod, view) ?? judgeReferences(node, pod)
}

function judgeOwner(nodeName: string, { metadata }: Pod, view: AdmissionView): Judgement {
  const node = `node ${JSON.stringify(nodeName)}`
  const [owner, ...others] = metadata.ownerReferences ?? []
  if (others.length > 0) return `${node} can only create pods with a single owner reference set to itself`
  if (owner?.apiVersion !== 'v1' || owner.kind !== 'Node' || owner.name !== nodeName) {
    return `${node} can only create pods with an owner reference set to itself`
  }
  if (!owner.controller) return `${node} can only create pods with a controller owner reference set to itself`
  if (owner.blockOwnerDeletion) return `${node} must not set blockOwnerDeletion on an owner reference`
  const stored = view.get(Nodes, '', nodeName)
  if (!stored) return { refused: statuses.notFound(Nodes, nodeName) }
  if (owner.uid === stored.metadata.uid) return undefined
  return `node ${nodeName} UID mismatch: expected ${owner.uid} got ${stored.metadata.uid}`
}

/** Else a kubelet could make itself a pod that draws what it may not read. */
function judgeReferences(node: string, { spec }: Pod): Judgement {
  if (spec.serviceAccountName) return `${node} can not create pods that reference a service account`
  if (namesOf(spec, 'secret').length > 0) return `${node} can not create pods that reference secrets`
  if (namesOf(spec, 'configMap').length > 0) return `${node} can not create pods that reference configmaps`
  if (spec.volumes?.some(({ persistentVolumeClaim }) => persistentVolumeClaim)) {
    return `${node} can not create pods that reference persistentvolumeclaims`
  }
  return undefined
}
