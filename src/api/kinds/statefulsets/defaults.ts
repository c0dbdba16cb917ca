/** `SetDefaults_StatefulSet` of pkg/apis/apps/v1/defaults.go. */
import type { StatefulSetSpec } from 'kubernetes-types/apps/v1.js'
import type { PersistentVolumeClaim } from 'kubernetes-types/core/v1.js'
import { completeClaim } from '../persistentvolumeclaims/defaults.ts'
import type { PersistentVolumeClaim as StoredClaim } from '../persistentvolumeclaims/types.ts'
import { defaultPodTemplate } from '../pods/defaults.ts'
import { changeField, completing, decoding, fill, mapKept, NO_TIME, withField } from '../shared/fill.ts'
import type { StatefulSet } from './types.ts'

export const defaultStatefulSet: (set: StatefulSet) => StatefulSet = decoding('StatefulSet', 'v1', set =>
  set.spec ? withField(set, 'spec', defaultSpec(set.spec)) : set,
)

const defaultSpec = completing((spec: StatefulSetSpec): StatefulSetSpec => {
  let complete = fill(spec, {
    replicas: 1,
    podManagementPolicy: 'OrderedReady',
    updateStrategy: {},
    revisionHistoryLimit: 10,
    persistentVolumeClaimRetentionPolicy: {},
  })
  complete = changeField(complete, 'updateStrategy', strategy => {
    const typed = fill(strategy, { type: 'RollingUpdate' })
    if (typed.type !== 'RollingUpdate') return typed
    return changeField(fill(typed, { rollingUpdate: {} }), 'rollingUpdate', rollingUpdate =>
      fill(rollingUpdate, { partition: 0 }),
    )
  })
  complete = changeField(complete, 'persistentVolumeClaimRetentionPolicy', policy =>
    fill(policy, { whenDeleted: 'Retain', whenScaled: 'Retain' }),
  )
  complete = changeField(complete, 'volumeClaimTemplates', list => mapKept(list, defaultClaimTemplate))
  return changeField(complete, 'template', defaultPodTemplate)
})

function defaultClaimTemplate(template: PersistentVolumeClaim): PersistentVolumeClaim {
  const typed = fill(template, { apiVersion: 'v1', kind: 'PersistentVolumeClaim' })
  const timed = changeField(typed, 'metadata', metadata =>
    metadata.creationTimestamp === undefined ? { ...metadata, creationTimestamp: NO_TIME } : metadata,
  )
  return completeClaim(timed as StoredClaim) as PersistentVolumeClaim
}
