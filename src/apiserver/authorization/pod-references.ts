/** What a pod names in its spec: what its kubelet must be able to read. Mirrors `VisitPodSecretNames` and the like. */
import type { Pod } from '../../api/index.ts'

type PodSpec = Pod['spec']

/** `resource` is the plural: secrets, configmaps, persistentvolumeclaims or serviceaccounts. */
export function refersTo({ spec, metadata }: Pod, resource: string, name: string): boolean {
  // The kubelet's own image of a static pod refers to nothing.
  if (metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined) return false
  switch (resource) {
    case 'secrets':
      return isAmong(name, namesInVolumes(spec, 'secret')) || isAmong(name, namesInContainers(spec, 'secret'))
    case 'configmaps':
      return (
        isAmong(name, namesInVolumes(spec, 'configMap')) ||
        isAmong(name, namesInContainers(spec, 'configMap'))
      )
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

/** The Secrets or ConfigMaps that a spec names, each as often as it does. */
export function namesOf(spec: PodSpec, kind: 'secret' | 'configMap'): string[] {
  return [...namesInVolumes(spec, kind), ...namesInContainers(spec, kind)].filter(name => name !== undefined)
}

function* namesInVolumes(spec: PodSpec, kind: 'secret' | 'configMap'): Generator<string | undefined> {
  if (kind === 'secret') yield* (spec.imagePullSecrets ?? []).map(({ name }) => name)
  for (const volume of spec.volumes ?? []) {
    yield kind === 'secret' ? volume.secret?.secretName : volume.configMap?.name
    if (kind === 'secret') yield volume.csi?.nodePublishSecretRef?.name
    for (const source of volume.projected?.sources ?? []) yield source[kind]?.name
  }
}

function* namesInContainers(spec: PodSpec, kind: 'secret' | 'configMap'): Generator<string | undefined> {
  const all = [...spec.containers, ...(spec.initContainers ?? []), ...(spec.ephemeralContainers ?? [])]
  for (const { env, envFrom } of all) {
    for (const { valueFrom } of env ?? []) yield valueFrom?.[`${kind}KeyRef`]?.name
    for (const source of envFrom ?? []) yield source[`${kind}Ref`]?.name
  }
}

function isAmong(wanted: string, names: Iterable<string | undefined>): boolean {
  for (const name of names) if (name === wanted) return true
  return false
}
