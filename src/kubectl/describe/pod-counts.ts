/** How many of a workload's pods are in which phase. */
import { controllerOf, formatLabelSelector, type KubeObject, type Pod, Pods } from '../../api/index.ts'
import type { Routine } from '../../sim/index.ts'
import { type DescribeContext, listOf } from './describer.ts'

/** `3 Running / 0 Waiting / 0 Succeeded / 0 Failed` */
export function* podCounts(context: DescribeContext, workload: KubeObject): Routine<string> {
  const { namespace = '', uid } = workload.metadata
  const { spec } = workload as unknown as { spec: { selector?: object } }
  const labelSelector = formatLabelSelector(spec.selector)
  const pods = yield* listOf<Pod>(context, Pods, namespace, { labelSelector })
  const owned = pods.filter(pod => controllerOf(pod)?.uid === uid)
  const count = (phase: string) => owned.filter(pod => pod.status.phase === phase).length
  return `${count('Running')} Running / ${count('Pending')} Waiting / ${count('Succeeded')} Succeeded / ${count('Failed')} Failed`
}
