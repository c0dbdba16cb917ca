/** `SetDefaults_Deployment` of pkg/apis/apps/v1/defaults.go. */
import type { DeploymentSpec } from 'kubernetes-types/apps/v1.js'
import { defaultPodTemplate } from '../pods/defaults.ts'
import { changeField, completing, decoding, fill, withField } from '../shared/fill.ts'
import type { Deployment } from './types.ts'

export const defaultDeployment: (deployment: Deployment) => Deployment = decoding(
  'Deployment',
  'v1',
  deployment => (deployment.spec ? withField(deployment, 'spec', defaultSpec(deployment.spec)) : deployment),
)

const defaultSpec = completing((spec: DeploymentSpec): DeploymentSpec => {
  const complete = fill(spec, {
    replicas: 1,
    strategy: {},
    revisionHistoryLimit: 10,
    progressDeadlineSeconds: 600,
  })
  const withStrategy = changeField(complete, 'strategy', strategy => {
    const typed = fill(strategy, { type: 'RollingUpdate' })
    if (typed.type !== 'RollingUpdate') return typed
    return changeField(fill(typed, { rollingUpdate: {} }), 'rollingUpdate', rollingUpdate =>
      fill(rollingUpdate, { maxUnavailable: '25%', maxSurge: '25%' }),
    )
  })
  return changeField(withStrategy, 'template', defaultPodTemplate)
})
