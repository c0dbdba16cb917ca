/**
 * Volumes of a pod, of a template or behind a PersistentVolume. Mirrors describeVolumes of
 * k8s.io/kubectl/pkg/describe for the types that are not a cloud's or a vendor's; those print their type alone.
 */
import type { Volume } from 'kubernetes-types/core/v1.js'
import { pairs, shorten } from './parts.ts'
import type { DescriptionWriter } from './writer.ts'

type Source = Omit<Volume, 'name'>

/** Attributes of a CSI volume are cut at this length. */
const ATTRIBUTE_LENGTH = 140

export function writeVolumes(
  w: DescriptionWriter,
  volumes: readonly Volume[] | undefined,
  indent: '' | '  ',
): void {
  if (!volumes || volumes.length === 0) {
    w.line(0, `${indent}Volumes:\t<none>`)
    return
  }
  w.line(0, `${indent}Volumes:`)
  for (const { name, ...source } of volumes) {
    w.line(1, `${indent === '' ? '' : ' '}${name}:`)
    writeSource(w, source)
  }
}

/** Type and fields of a volume's source, two levels deep. */
function writeSource(w: DescriptionWriter, source: Source): void {
  const fields = commonFields(source)
  if (fields) {
    for (const [name, value] of fields) w.field(2, name, `${value}`)
  } else if (source.projected) {
    writeProjected(w, source.projected)
  } else if (source.downwardAPI) {
    w.field(2, 'Type', 'DownwardAPI (a volume populated by information about the pod)')
    w.line(2, 'Items:')
    for (const { fieldRef, resourceFieldRef, path } of source.downwardAPI.items ?? []) {
      w.line(3, `${fieldRef?.fieldPath ?? resourceFieldRef?.resource} -> ${path}`)
    }
  } else if (source.csi) {
    const { driver, fsType, readOnly, volumeAttributes } = source.csi
    writeCsi(w, driver, [['FSType', fsType ?? '']], readOnly ?? false, volumeAttributes)
  } else {
    w.line(1, '<unknown>')
  }
}

type Fields = readonly (readonly [name: string, value: string | number | boolean])[]

function commonFields(source: Source): Fields | undefined {
  const { hostPath, emptyDir, secret, configMap, persistentVolumeClaim: claim, ephemeral, nfs } = source
  if (hostPath) return hostPathFields(hostPath)
  if (emptyDir) {
    return [
      ['Type', "EmptyDir (a temporary directory that shares a pod's lifetime)"],
      ['Medium', emptyDir.medium ?? ''],
      ['SizeLimit', emptyDir.sizeLimit ?? '<unset>'],
    ]
  }
  if (secret) {
    return [
      ['Type', 'Secret (a volume populated by a Secret)'],
      ['SecretName', secret.secretName ?? ''],
      ['Optional', secret.optional ?? false],
    ]
  }
  if (configMap) {
    return [
      ['Type', 'ConfigMap (a volume populated by a ConfigMap)'],
      ['Name', configMap.name ?? ''],
      ['Optional', configMap.optional ?? false],
    ]
  }
  if (claim) {
    return [
      ['Type', 'PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)'],
      ['ClaimName', claim.claimName],
      ['ReadOnly', claim.readOnly ?? false],
    ]
  }
  if (ephemeral) {
    return [
      [
        'Type',
        'EphemeralVolume (an inline specification for a volume that gets created and deleted with the pod)',
      ],
    ]
  }
  return nfs && nfsFields(nfs)
}

export function hostPathFields(hostPath: NonNullable<Source['hostPath']>): Fields {
  return [
    ['Type', 'HostPath (bare host directory volume)'],
    ['Path', hostPath.path],
    ['HostPathType', hostPath.type ?? '<none>'],
  ]
}

export function nfsFields(nfs: NonNullable<Source['nfs']>): Fields {
  return [
    ['Type', 'NFS (an NFS mount that lasts the lifetime of a pod)'],
    ['Server', nfs.server],
    ['Path', nfs.path],
    ['ReadOnly', nfs.readOnly ?? false],
  ]
}

function writeProjected(w: DescriptionWriter, projected: NonNullable<Source['projected']>): void {
  w.field(2, 'Type', 'Projected (a volume that contains injected data from multiple sources)')
  for (const { secret, downwardAPI, configMap, serviceAccountToken } of projected.sources ?? []) {
    if (secret) {
      w.field(2, 'SecretName', secret.name ?? '')
      w.field(2, 'Optional', `${secret.optional ?? false}`)
    } else if (downwardAPI) {
      w.field(2, 'DownwardAPI', 'true')
    } else if (configMap) {
      w.field(2, 'ConfigMapName', configMap.name ?? '')
      w.field(2, 'Optional', `${configMap.optional ?? false}`)
    } else if (serviceAccountToken) {
      w.field(2, 'TokenExpirationSeconds', serviceAccountToken.expirationSeconds ?? 3600)
    }
  }
}

/** A CSI volume, inline or behind a PersistentVolume; `fields` stand between its driver and ReadOnly. */
export function writeCsi(
  w: DescriptionWriter,
  driver: string,
  fields: Fields,
  isReadOnly: boolean,
  attributes: Readonly<Record<string, string>> | undefined,
): void {
  w.field(2, 'Type', 'CSI (a Container Storage Interface (CSI) volume source)')
  w.field(2, 'Driver', driver)
  for (const [name, value] of fields) w.field(2, name, `${value}`)
  w.field(2, 'ReadOnly', `${isReadOnly}`)
  const lines = pairs(attributes).map(pair => shorten(pair, ATTRIBUTE_LENGTH))
  w.write(2, 'VolumeAttributes:\t')
  if (lines.length === 0) w.line(0, '<none>')
  lines.forEach((line, i) => {
    if (i > 0) w.write(2, '')
    if (i > 0) w.write(2, '\t')
    w.line(2, line)
  })
}
