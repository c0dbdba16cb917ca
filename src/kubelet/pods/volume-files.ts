/**
 * The files that ConfigMap, Secret and downward volumes put into a container. Simplified: made when the
 * container is, never updated; emptyDir and hostPath volumes are each container's own.
 */
import type { Container, KeyToPath, Volume } from 'kubernetes-types/core/v1.js'
import type { Pod } from '../../api/index.ts'
import { configMapData, type Lookup, secretData } from './environment.ts'

type Files = Record<string, string>

/** Absolute path to content; undefined when no volume brings any. */
export function volumeFiles(pod: Pod, container: Container, lookup: Lookup): Files | undefined {
  let files: Files | undefined
  for (const { name, mountPath, subPath } of container.volumeMounts ?? []) {
    const volume = pod.spec.volumes?.find(candidate => candidate.name === name)
    const content = volume && contentOf(pod, volume, lookup)
    if (!content) continue
    files ??= {}
    for (const [path, text] of Object.entries(content)) {
      if (subPath === undefined) files[`${mountPath.replace(/\/$/, '')}/${path}`] = text
      else if (path === subPath) files[mountPath] = text
    }
  }
  return files
}

function contentOf(pod: Pod, { configMap, secret, projected }: Volume, lookup: Lookup): Files | undefined {
  const namespace = pod.metadata.namespace ?? ''
  if (configMap)
    return pick(configMapData(lookup.configMap(namespace, configMap.name ?? '')), configMap.items)
  if (secret) return pick(secretData(lookup.secret(namespace, secret.secretName ?? '')), secret.items)
  if (!projected) return undefined
  const files: Files = {}
  for (const source of projected.sources ?? []) {
    const { configMap: map, secret: hidden } = source
    if (map) Object.assign(files, pick(configMapData(lookup.configMap(namespace, map.name ?? '')), map.items))
    if (hidden)
      Object.assign(files, pick(secretData(lookup.secret(namespace, hidden.name ?? '')), hidden.items))
  }
  return files
}

function pick(data: Readonly<Files> | undefined, items: readonly KeyToPath[] | undefined): Files | undefined {
  if (!data || !items?.length) return data
  const files: Files = {}
  for (const { key, path } of items) if (data[key] !== undefined) files[path] = data[key]
  return files
}
