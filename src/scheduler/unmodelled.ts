/**
 * What pods can ask of the scheduler that is not modelled yet. Such a pod is scheduled as if it had not asked, and a
 * Warning event says so: it is never ignored in silence. Each line goes when its plugin comes.
 */
import type { Pod } from '../api/index.ts'

/** The reason of the warning events. */
export const NOT_MODELLED = 'NotModelled'

interface Feature {
  readonly what: string
  isAskedBy(spec: Pod['spec']): boolean
}

const FEATURES: readonly Feature[] = [
  {
    what: 'spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution (InterPodAffinity)',
    isAskedBy: ({ affinity }) =>
      Boolean(affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.length),
  },
  {
    what: 'spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution (InterPodAffinity)',
    isAskedBy: ({ affinity }) =>
      Boolean(affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.length),
  },
  {
    what: 'spec.topologySpreadConstraints with whenUnsatisfiable: DoNotSchedule (PodTopologySpread)',
    isAskedBy: ({ topologySpreadConstraints }) =>
      topologySpreadConstraints?.some(({ whenUnsatisfiable }) => whenUnsatisfiable === 'DoNotSchedule') ??
      false,
  },
  {
    what: 'where persistent volumes can be reached from (VolumeBinding, VolumeZone, NodeVolumeLimits)',
    isAskedBy: ({ volumes }) =>
      volumes?.some(volume => volume.persistentVolumeClaim || volume.ephemeral) ?? false,
  },
  {
    what: 'spec.resourceClaims (DynamicResources)',
    isAskedBy: ({ resourceClaims }) => Boolean(resourceClaims?.length),
  },
]

/** What the pod asks for in vain, in words for its warning. */
export function unmodelledIn({ spec }: Pod): string[] {
  if (!spec.affinity && !spec.topologySpreadConstraints && !spec.volumes && !spec.resourceClaims) return []
  return FEATURES.filter(feature => feature.isAskedBy(spec)).map(feature => feature.what)
}

/** The warning's message. */
export function unmodelledMessage(what: string): string {
  return `Kubarium's scheduler does not model ${what}: the pod is scheduled without it`
}
