/**
 * Volumes and claims get the finalizers that keep them while they are used. Mirrors
 * `plugin/pkg/admission/storage/storageobjectinuseprotection`.
 */
import { PersistentVolumeClaims, PersistentVolumes } from '../../api/index.ts'
import type { AdmissionPlugin } from './plugin.ts'

const CLAIM_FINALIZER = 'kubernetes.io/pvc-protection'
const VOLUME_FINALIZER = 'kubernetes.io/pv-protection'

export const STORAGE_OBJECT_IN_USE_PROTECTION: AdmissionPlugin = {
  name: 'StorageObjectInUseProtection',

  handles: (kind, operation, subresource) =>
    (kind === PersistentVolumeClaims || kind === PersistentVolumes) &&
    operation === 'CREATE' &&
    subresource === '',

  admit(object, { kind }) {
    if (!object) return undefined
    const finalizer = kind === PersistentVolumes ? VOLUME_FINALIZER : CLAIM_FINALIZER
    const finalizers = object.metadata.finalizers ?? []
    if (finalizers.includes(finalizer)) return object
    return { ...object, metadata: { ...object.metadata, finalizers: [...finalizers, finalizer] } }
  },
}
