/** NodePorts: a node's own ports (`hostPort`) serve one pod each. */
import { ACTION } from '../cluster-event.ts'
import { type Plugin, unschedulable } from '../framework.ts'
import { isSamePort, newPodInfo } from '../node-info.ts'

const NAME = 'NodePorts'
const NO_FREE_PORTS = unschedulable(NAME, "node(s) didn't have free ports for the requested pod ports")

export const nodePorts: Plugin = {
  name: NAME,
  eventsToRegister: [
    {
      on: { resource: 'Pod', action: ACTION.delete },
      hint(pod, { oldPod }) {
        if (!oldPod?.spec.nodeName) return false
        const freed = newPodInfo(oldPod).hostPorts
        return freed.some(port => pod.hostPorts.some(wanted => isSamePort(port, wanted)))
      },
    },
    { on: { resource: 'Node', action: ACTION.add } },
  ],
  preFilter: pod => (pod.hostPorts.length === 0 ? 'skip' : { state: undefined }),
  sign: ({ hostPorts }) => (hostPorts.length === 0 ? '' : JSON.stringify(hostPorts)),
  filter: (pod, node) => (pod.hostPorts.some(port => node.isPortTaken(port)) ? NO_FREE_PORTS : undefined),
}
