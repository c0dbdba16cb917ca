/**
 * Where the pods of a kind are described: verbs that change containers work on every kind that has some. Mirrors
 * kubectl's polymorphichelpers.UpdatePodSpecForObject.
 */
import type { KubeObject, Pod } from '../api/index.ts'

type PodSpec = Pod['spec']

/** The path of the pod spec within an object of the kind; undefined for kinds without pods. */
export function podSpecPath(kindName: string): readonly string[] | undefined {
  switch (kindName) {
    case 'Pod':
      return ['spec']
    case 'Deployment':
    case 'ReplicaSet':
    case 'StatefulSet':
    case 'DaemonSet':
    case 'Job':
    case 'ReplicationController':
      return ['spec', 'template', 'spec']
    case 'CronJob':
      return ['spec', 'jobTemplate', 'spec', 'template', 'spec']
    default:
      return undefined
  }
}

/** The pod spec at `path`. */
export function podSpecOf(object: KubeObject, path: readonly string[]): PodSpec {
  let value: unknown = object
  for (const field of path) value = (value as Record<string, unknown>)[field]
  return value as PodSpec
}

/** `{ spec: { template: { spec: value } } }` for the path of a Deployment's pods. */
export function nested(path: readonly string[], value: unknown): Record<string, unknown> {
  return path.reduceRight<unknown>((inner, field) => ({ [field]: inner }), value) as Record<string, unknown>
}
