/** `SetDefaults_DaemonSet` of pkg/apis/apps/v1/defaults.go. */
import type { DaemonSetSpec } from 'kubernetes-types/apps/v1.js'
import { defaultPodTemplate } from '../pods/defaults.ts'
import { changeField, completing, decoding, fill, withField } from '../shared/fill.ts'
import type { DaemonSet } from './types.ts'

export const defaultDaemonSet: (set: DaemonSet) => DaemonSet = decoding('DaemonSet', 'v1', set =>
  set.spec ? withField(set, 'spec', defaultSpec(set.spec)) : set,
)

const defaultSpec = completing((spec: DaemonSetSpec): DaemonSetSpec => {
  const complete = changeField(
    fill(spec, { updateStrategy: {}, revisionHistoryLimit: 10 }),
    'updateStrategy',
    strategy => {
      const typed = fill(strategy, { type: 'RollingUpdate' })
      if (typed.type !== 'RollingUpdate') return typed
      return changeField(fill(typed, { rollingUpdate: {} }), 'rollingUpdate', rollingUpdate =>
        fill(rollingUpdate, { maxUnavailable: 1, maxSurge: 0 }),
      )
    },
  )
  return changeField(complete, 'template', defaultPodTemplate)
})
