/** Labels that a node is configured with and its kubelet may not give it: an administrator's work, as kubeadm's is. */
import { mayKubeletSet, Nodes } from '../api/index.ts'
import { type ApiPort, call, requestFor } from '../client/index.ts'
import { type Routine, sleep } from '../sim/index.ts'
import type { NodeSettings } from './config.ts'

const RETRY_MS = 100

/** The labels of a node that its kubelet may not give it; undefined when there are none. */
export function othersLabels({ labels }: NodeSettings): Readonly<Record<string, string>> | undefined {
  const found = Object.entries(labels).filter(([name]) => !mayKubeletSet(name))
  return found.length > 0 ? Object.fromEntries(found) : undefined
}

/** The labels without those. */
export function omit(
  labels: Readonly<Record<string, string>>,
  names: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => !Object.hasOwn(names, name)))
}

/** Labels a node as soon as it is there, as kubeadm does for roles. */
export function* labelNode(
  api: ApiPort,
  name: string,
  labels: Readonly<Record<string, string>>,
): Routine<void> {
  const options = { patchType: 'merge' } as const
  const request = requestFor('patch', Nodes, '', name, { body: { metadata: { labels } }, options })
  for (;;) {
    const result = yield* call(api, request)
    if (result.ok) return
    yield* sleep(RETRY_MS)
  }
}
