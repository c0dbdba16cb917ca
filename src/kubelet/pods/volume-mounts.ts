/**
 * What a container's volumes mount into it: mirrors `pkg/volume` as far as containers see it. Contents of
 * ConfigMaps, Secrets and the like are worked out when somebody first looks. Simplified: a claim is a directory of
 * the pod's node.
 */
import type {
  Container,
  DownwardAPIVolumeFile,
  KeyToPath,
  Volume,
  VolumeMount,
} from 'kubernetes-types/core/v1.js'
import type { Pod } from '../../api/index.ts'
import type { MountConfig, VolumeSource } from '../files/mounts.ts'
import type { LazyText } from '../files/tree.ts'
import { VolumeContent, type VolumeOrigin } from '../files/volume-content.ts'
import {
  configMapData,
  type EnvironmentInput,
  expand,
  fieldText,
  type Lookup,
  resourceText,
  secretData,
} from './environment.ts'
import type { PodTokens } from './pod-tokens.ts'

type Files = Record<string, string | LazyText>

/** What contents are made from. */
export interface VolumeInput {
  /** Has the pod as it is now. */
  readonly owner: { readonly pod: Pod }
  readonly lookup: Lookup
  /** The pod's service account tokens. */
  readonly tokens: PodTokens
  readonly facts: Omit<EnvironmentInput, 'container' | 'services'>
}

/** By volume name: shared by the containers of a pod, so that all see one directory. */
export type PodVolumes = Map<string, VolumeSource>

export function mountsOf(
  input: VolumeInput,
  container: Container,
  environment: Readonly<Record<string, string>>,
  volumes: PodVolumes,
): MountConfig[] | undefined {
  const { pod } = input.owner
  let mounts: MountConfig[] | undefined
  for (const mount of container.volumeMounts ?? []) {
    const volume = pod.spec.volumes?.find(({ name }) => name === mount.name)
    if (!volume) continue
    let source = volumes.get(mount.name)
    if (!source) {
      source = sourceOf(input, volume)
      volumes.set(mount.name, source)
    }
    const subPath = subPathOf(mount, environment)
    const isReadOnly = mount.readOnly === true || source.type === 'content'
    const config = { path: mount.mountPath, isReadOnly, subPath, source }
    if (mounts) mounts.push(config)
    else mounts = [config]
  }
  return mounts
}

function subPathOf(
  { subPath, subPathExpr }: VolumeMount,
  environment: Readonly<Record<string, string>>,
): string | undefined {
  const path = subPathExpr ? expand(subPathExpr, environment) : subPath
  return path ? path : undefined
}

function sourceOf(input: VolumeInput, volume: Volume): VolumeSource {
  if (volume.hostPath) {
    return { type: 'host', path: volume.hostPath.path, kind: volume.hostPath.type ?? '' }
  }
  if (volume.persistentVolumeClaim) {
    const { claimName } = volume.persistentVolumeClaim
    return { type: 'claim', key: `${input.owner.pod.metadata.namespace}/${claimName}` }
  }
  if (volume.configMap || volume.secret || volume.projected || volume.downwardAPI) {
    const mode = volume.configMap?.defaultMode ?? volume.secret?.defaultMode ?? volume.projected?.defaultMode
    return { type: 'content', content: new VolumeContent(new ApiVolume(input, volume), mode ?? 0o644) }
  }
  return { type: 'scratch', name: volume.name }
}

/** What a volume of API objects and tokens has in it. */
class ApiVolume implements VolumeOrigin {
  readonly #input: VolumeInput
  readonly #volume: Volume

  constructor(input: VolumeInput, volume: Volume) {
    this.#input = input
    this.#volume = volume
  }

  files(): Files {
    return volumeFiles(this.#input, this.#volume)
  }

  /** How often its tokens have been renewed. */
  version(): number {
    let rounds = 0
    for (const { serviceAccountToken } of this.#volume.projected?.sources ?? []) {
      if (serviceAccountToken) rounds += this.#input.tokens.round(serviceAccountToken)
    }
    return rounds
  }
}

/** Relative path to content, as the sources are now. */
function volumeFiles(input: VolumeInput, volume: Volume): Files {
  const { configMap, secret, projected, downwardAPI } = volume
  const { owner, lookup } = input
  const namespace = owner.pod.metadata.namespace ?? ''
  if (configMap)
    return pick(configMapData(lookup.configMap(namespace, configMap.name ?? '')), configMap.items)
  if (secret) return pick(secretData(lookup.secret(namespace, secret.secretName ?? '')), secret.items)
  if (downwardAPI) return downward(input, downwardAPI.items)
  const files: Files = {}
  for (const source of projected?.sources ?? []) {
    const { configMap: map, secret: hidden, serviceAccountToken } = source
    if (map) Object.assign(files, pick(configMapData(lookup.configMap(namespace, map.name ?? '')), map.items))
    if (hidden)
      Object.assign(files, pick(secretData(lookup.secret(namespace, hidden.name ?? '')), hidden.items))
    if (source.downwardAPI) Object.assign(files, downward(input, source.downwardAPI.items))
    if (serviceAccountToken) files[serviceAccountToken.path] = input.tokens.text(serviceAccountToken)
  }
  return files
}

function downward({ owner, facts }: VolumeInput, items: readonly DownwardAPIVolumeFile[] | undefined): Files {
  const { pod } = owner
  const files: Files = {}
  for (const { path, fieldRef, resourceFieldRef } of items ?? []) {
    const container = pod.spec.containers.find(({ name }) => name === resourceFieldRef?.containerName)
    if (fieldRef) files[path] = fieldText({ ...facts, pod }, fieldRef.fieldPath)
    else if (resourceFieldRef && container) {
      files[path] = resourceText({ ...facts, pod, container, services: {} }, resourceFieldRef)
    }
  }
  return files
}

function pick(
  data: Readonly<Record<string, string>> | undefined,
  items: readonly KeyToPath[] | undefined,
): Files {
  if (!data) return {}
  if (!items?.length) return { ...data }
  const files: Files = {}
  for (const { key, path } of items) if (data[key] !== undefined) files[path] = data[key]
  return files
}
