/** Lets go of a deleted volume once no claim is bound to it. Mirrors `pkg/controller/volume/pvprotection`. */
import { type PersistentVolume, PersistentVolumes } from '../../api/index.ts'
import { type Controller, DONE } from '../../client/index.ts'
import { withoutFinalizer } from '../shared/finalizers.ts'

const FINALIZER = 'kubernetes.io/pv-protection'

export const persistentVolumeProtection: Controller<PersistentVolume> = {
  name: 'pv-protection',
  eventSource: 'pv-protection-controller',
  kind: PersistentVolumes,
  isRelevant: volume => volume.metadata.deletionTimestamp !== undefined,
  watches: [],
  indexes: [],
  workers: 1,
  reconcile(volume) {
    if (!volume?.metadata.deletionTimestamp || !volume.metadata.finalizers?.includes(FINALIZER)) return DONE
    return volume.status?.phase === 'Bound' ? DONE : withoutFinalizer(PersistentVolumes, volume, FINALIZER)
  },
}
