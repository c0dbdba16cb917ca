/** `SetDefaults_PersistentVolumeClaim` of pkg/apis/core/v1/defaults.go. */
import { changeField, decoding, fill } from '../shared/fill.ts'
import { canonicalRequirements } from '../shared/resources.ts'
import type { PersistentVolumeClaim } from './types.ts'

export const defaultPersistentVolumeClaim: (claim: PersistentVolumeClaim) => PersistentVolumeClaim = decoding(
  'PersistentVolumeClaim',
  'v1',
  claim => completeClaim(claim),
)

/** The same for a claim as a template has it. */
export function completeClaim<T extends Pick<PersistentVolumeClaim, 'spec' | 'status'>>(claim: T): T {
  const withStatus = fill(claim, { status: {} } as Partial<T>)
  const withPhase = changeField(
    withStatus,
    'status',
    status => fill(status, { phase: 'Pending' }) as T['status'],
  )
  return changeField(withPhase, 'spec', spec => {
    const complete = fill(spec, { volumeMode: 'Filesystem', resources: {} })
    return changeField(complete, 'resources', canonicalRequirements) as T['spec']
  })
}
