/**
 * From what watches tell to the cache and the queue: pods with a node are counted on it, pods without one that ask
 * for this scheduler are queued, and whatever may help a rejected pod is passed on. Mirrors kube-scheduler's
 * `eventhandlers.go`.
 */
import { type Node, Nodes, type Pod, Pods } from '../api/index.ts'
import type { Informer, Informers } from '../client/index.ts'
import type { Cache } from './cache.ts'
import { EVENTS, nodeChanges, podChanges } from './cluster-event.ts'
import type { SchedulingQueue } from './queue.ts'

/** Pods that have ended hold nothing, and are not even watched. */
const NOT_ENDED = 'status.phase!=Succeeded,status.phase!=Failed'

export function podInformer(informers: Informers): Informer<Pod> {
  return informers.of(Pods, { fieldSelector: NOT_ENDED })
}

export function watchCluster(
  informers: Informers,
  schedulerName: string,
  cache: Cache,
  queue: SchedulingQueue,
): void {
  informers.of(Nodes).addHandler(nodeHandler(cache, queue))
  podInformer(informers).addHandler(podHandler(schedulerName, cache, queue))
}

function nodeHandler(cache: Cache, queue: SchedulingQueue) {
  return {
    added(node: Node) {
      cache.addNode(node)
      queue.move(EVENTS.nodeAdd, { node })
    },
    updated(node: Node, oldNode: Node) {
      cache.updateNode(node)
      for (const event of nodeChanges(node, oldNode)) queue.move(event, { node, oldNode })
    },
    deleted(node: Node) {
      cache.removeNode(node.metadata.name)
      queue.move(EVENTS.nodeDelete, { oldNode: node })
    },
  }
}

function podHandler(schedulerName: string, cache: Cache, queue: SchedulingQueue) {
  const isOurs = (pod: Pod) => (pod.spec.schedulerName ?? schedulerName) === schedulerName
  return {
    added(pod: Pod) {
      if (pod.spec.nodeName) {
        cache.addPod(pod)
        queue.move(EVENTS.assignedPodAdd, { pod })
      } else if (isOurs(pod)) queue.add(pod)
    },
    updated(pod: Pod, oldPod: Pod) {
      if (!pod.spec.nodeName) {
        // A pod that is being bound is not waiting any more, whatever its watch still shows.
        if (isOurs(pod) && !cache.isAssumed(pod.metadata.uid)) queue.update(pod, oldPod)
      } else if (!oldPod.spec.nodeName) {
        queue.delete(pod.metadata.uid)
        cache.addPod(pod)
        queue.move(EVENTS.assignedPodAdd, { pod })
      } else {
        cache.updatePod(pod)
        for (const event of podChanges(pod, oldPod)) queue.move(event, { pod, oldPod })
      }
    },
    deleted(pod: Pod) {
      if (pod.spec.nodeName) {
        cache.removePod(pod)
        queue.move(EVENTS.assignedPodDelete, { oldPod: pod })
      } else queue.delete(pod.metadata.uid)
    },
  }
}
