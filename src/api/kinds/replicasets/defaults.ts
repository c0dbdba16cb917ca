/** `SetDefaults_ReplicaSet` of pkg/apis/apps/v1/defaults.go. */
import type { ReplicaSetSpec } from 'kubernetes-types/apps/v1.js'
import { defaultPodTemplate } from '../pods/defaults.ts'
import { changeField, completing, decoding, fill, withField } from '../shared/fill.ts'
import type { ReplicaSet } from './types.ts'

export const defaultReplicaSet: (set: ReplicaSet) => ReplicaSet = decoding('ReplicaSet', 'v1', set =>
  set.spec ? withField(set, 'spec', defaultSpec(set.spec)) : set,
)

const defaultSpec = completing((spec: ReplicaSetSpec): ReplicaSetSpec => {
  return changeField(fill(spec, { replicas: 1 }), 'template', defaultPodTemplate)
})
