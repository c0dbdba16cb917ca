/**
 * Claims that name no class get the default one, the newest if there are several. Mirrors
 * `plugin/pkg/admission/storage/storageclass/setdefault`.
 */
import {
  type PersistentVolumeClaim,
  PersistentVolumeClaims,
  type StorageClass,
  StorageClasses,
} from '../../api/index.ts'
import type { AdmissionPlugin, AdmissionView } from './plugin.ts'

const CLASS_ANNOTATION = 'volume.beta.kubernetes.io/storage-class'
const DEFAULT_ANNOTATIONS = [
  'storageclass.kubernetes.io/is-default-class',
  'storageclass.beta.kubernetes.io/is-default-class',
]

export const DEFAULT_STORAGE_CLASS: AdmissionPlugin = {
  name: 'DefaultStorageClass',

  handles: (kind, operation, subresource) =>
    kind === PersistentVolumeClaims && operation === 'CREATE' && subresource === '',

  admit(object, _attributes, view) {
    const claim = object as PersistentVolumeClaim
    // '' says: none, please.
    const hasClass = claim.spec?.storageClassName !== undefined && claim.spec.storageClassName !== null
    if (!claim.spec || hasClass || claim.metadata.annotations?.[CLASS_ANNOTATION] !== undefined) return claim
    const storageClass = defaultClass(view)
    if (!storageClass) return claim
    return { ...claim, spec: { ...claim.spec, storageClassName: storageClass.metadata.name } } as typeof claim
  },
}

/** The class that claims without one get; among several the youngest, then the first by name. */
function defaultClass(view: AdmissionView): StorageClass | undefined {
  let found: StorageClass | undefined
  for (const storageClass of view.list(StorageClasses)) {
    const { annotations, creationTimestamp } = storageClass.metadata
    if (!DEFAULT_ANNOTATIONS.some(name => annotations?.[name] === 'true')) continue
    if (!found || creationTimestamp > found.metadata.creationTimestamp) found = storageClass
  }
  return found
}
