/** A kubelet gets tokens only for pods that are bound to its node. */
import { type KubeObject, Pods, statuses } from '../../../api/index.ts'
import type { AdmissionView, Attributes } from '../plugin.ts'
import type { Judgement } from './judgement.ts'

interface TokenRequest {
  readonly spec?: {
    readonly boundObjectRef?: {
      readonly apiVersion?: string
      readonly kind?: string
      readonly name?: string
      readonly uid?: string
    }
  }
}

export function judgeTokenRequest(
  nodeName: string,
  object: KubeObject | undefined,
  { operation, subresource, namespace }: Attributes,
  view: AdmissionView,
): Judgement {
  if (operation !== 'CREATE' || subresource !== 'token') return undefined
  const { apiVersion, kind, name, uid } = (object as TokenRequest | undefined)?.spec?.boundObjectRef ?? {}
  if (apiVersion !== 'v1' || kind !== 'Pod' || !name) return 'node requested token not bound to a pod'
  if (!uid) return 'node requested token with a pod binding without a uid'
  const pod = view.get(Pods, namespace, name)
  if (!pod) return { refused: statuses.notFound(Pods, name) }
  if (uid !== pod.metadata.uid) {
    return `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`
  }
  if (pod.spec.nodeName === nodeName) return undefined
  return 'node requested token bound to a pod scheduled on a different node'
}
