/**
 * What the API server fills in in a pod's volumes. Mirrors the volume sources of pkg/apis/core/v1/defaults.go.
 * Sources of single storage vendors (iscsi, rbd, azureDisk, scaleIO) are left as they come.
 */
import type {
  DownwardAPIVolumeFile,
  PersistentVolumeClaimTemplate,
  Volume,
  VolumeProjection,
} from 'kubernetes-types/core/v1.js'
import { changeField, fill, mapKept } from '../shared/fill.ts'
import { canonicalRequirements } from '../shared/resources.ts'

/** 0644: what files of config maps, secrets and projections may be done with. */
const FILE_MODE = { defaultMode: 0o644 }

/** A volume complete; one without a source is an emptyDir. */
export function defaultVolume(volume: Volume): Volume {
  let hasSource = false
  for (const field in volume) {
    if (field !== 'name' && volume[field as keyof Volume] != null) hasSource = true
  }
  if (!hasSource) return { name: volume.name, emptyDir: {} }
  if (volume.configMap) return changeField(volume, 'configMap', source => fill(source, FILE_MODE))
  if (volume.secret) return changeField(volume, 'secret', source => fill(source, FILE_MODE))
  if (volume.projected) {
    return changeField(volume, 'projected', source =>
      changeField(fill(source, FILE_MODE), 'sources', sources => mapKept(sources, defaultProjection)),
    )
  }
  if (volume.downwardAPI) {
    return changeField(volume, 'downwardAPI', source =>
      changeField(fill(source, FILE_MODE), 'items', items => mapKept(items, defaultDownwardFile)),
    )
  }
  if (volume.hostPath && volume.hostPath.type == null) {
    return { ...volume, hostPath: { ...volume.hostPath, type: '' } }
  }
  return changeField(volume, 'ephemeral', source =>
    changeField(source, 'volumeClaimTemplate', defaultClaimTemplate),
  )
}

function defaultProjection(projection: VolumeProjection): VolumeProjection {
  const complete = changeField(projection, 'serviceAccountToken', token => fill(token, TOKEN_DEFAULTS))
  return changeField(complete, 'downwardAPI', source =>
    changeField(source, 'items', items => mapKept(items, defaultDownwardFile)),
  )
}
const TOKEN_DEFAULTS = { expirationSeconds: 3600 }

function defaultDownwardFile(file: DownwardAPIVolumeFile): DownwardAPIVolumeFile {
  return changeField(file, 'fieldRef', reference => fill(reference, { apiVersion: 'v1' }))
}

function defaultClaimTemplate(template: PersistentVolumeClaimTemplate): PersistentVolumeClaimTemplate {
  return changeField(template, 'spec', spec =>
    changeField(fill(spec, { volumeMode: 'Filesystem' }), 'resources', canonicalRequirements),
  )
}
