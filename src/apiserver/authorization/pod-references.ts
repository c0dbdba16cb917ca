/** What a pod names in its spec: what its kubelet must be able to read. Mirrors `VisitPodSecretNames` and the like. */
import type { Pod } from '../../api/index.ts'

type PodSpec = Pod['spec']

/** `resource` is the plural: secrets, configmaps, persistentvolumeclaims or serviceaccounts. */
export function refersTo({ spec, metadata }: Pod, resource: string, name: string): boolean {
  // The kubelet's own image of a static pod refers to nothing.
  if (metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined) return false
  switch (resource) {
    case 'secrets':
      return (
        (spec.imagePullSecrets ?? []).some(one => one.name === name) ||
        volumesName(spec, name, 'secret') ||
        containersName(spec, name, 'secret')
      )
    case 'configmaps':
      return volumesName(spec, name, 'configMap') || containersName(spec, name, 'configMap')
    case 'persistentvolumeclaims':
      return (spec.volumes ?? []).some(
        volume =>
          volume.persistentVolumeClaim?.claimName === name ||
          (volume.ephemeral !== undefined && `${metadata.name}-${volume.name}` === name),
      )
    case 'serviceaccounts':
      return spec.serviceAccountName === name
    default:
      return false
  }
}

function volumesName(spec: PodSpec, name: string, kind: 'secret' | 'configMap'): boolean {
  return (spec.volumes ?? []).some(volume => {
    const named = kind === 'secret' ? volume.secret?.secretName : volume.configMap?.name
    if (named === name) return true
    if (kind === 'secret' && volume.csi?.nodePublishSecretRef?.name === name) return true
    return volume.projected?.sources?.some(source => source[kind]?.name === name) ?? false
  })
}

function containersName(spec: PodSpec, name: string, kind: 'secret' | 'configMap'): boolean {
  const all = [...spec.containers, ...(spec.initContainers ?? []), ...(spec.ephemeralContainers ?? [])]
  return all.some(
    ({ env, envFrom }) =>
      env?.some(({ valueFrom }) => valueFrom?.[`${kind}KeyRef`]?.name === name) ||
      envFrom?.some(source => source[`${kind}Ref`]?.name === name),
  )
}
