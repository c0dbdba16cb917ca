/**
 * NodeName: a pod that names its node fits no other. Says `skip` for pods that name none, where upstream asks every
 * node to the same effect.
 */
import { ACTION } from '../cluster-event.ts'
import { type Plugin, unresolvable } from '../framework.ts'

const NAME = 'NodeName'
const OTHER_NODE = unresolvable(NAME, "node(s) didn't match the requested node name")

export const nodeName: Plugin = {
  name: NAME,
  eventsToRegister: [{ on: { resource: 'Node', action: ACTION.add } }],
  preFilter: pod => (pod.pod.spec.nodeName ? { state: undefined } : 'skip'),
  sign: ({ pod }) => pod.spec.nodeName ?? '',
  filter: (pod, node) => (pod.pod.spec.nodeName === node.name ? undefined : OTHER_NODE),
}
