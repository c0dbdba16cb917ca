/** `POST pods/NAME/binding`: the scheduler's word. Mirrors `BindingREST` of pkg/registry/core/pod/storage. */
import type { Binding, PodCondition } from 'kubernetes-types/core/v1.js'
import type { SubresourceAction } from '../../define-kind.ts'
import { type FieldError, invalidValue, notSupported, required } from '../../field-error.ts'
import { ApiError, conflict, invalid } from '../../status.ts'
import { NO_TIME } from '../shared/fill.ts'
import type { Pod } from './types.ts'

const BINDINGS = Object.freeze({ group: '', plural: 'pods/binding', kind: 'Binding' })

/** Sets spec.nodeName and the PodScheduled condition. Throws ApiError when the pod cannot be bound. */
export const bindPod: SubresourceAction<Pod> = {
  verb: 'create',
  apply(pod, body, context) {
    const binding = body as Binding
    const { name } = pod.metadata
    const errors = validateBinding(binding)
    if (errors.length > 0) throw new ApiError(invalid(BINDINGS, name, errors))
    const refuse = (why: string) => new ApiError(conflict(BINDINGS, name, why))
    if (pod.metadata.deletionTimestamp) {
      throw refuse(`pod ${name} is being deleted, cannot be assigned to a host`)
    }
    if (pod.spec.nodeName) {
      throw refuse(`pod ${name} is already assigned to node ${JSON.stringify(pod.spec.nodeName)}`)
    }
    if (pod.spec.schedulingGates?.length) {
      throw refuse(`pod ${name} has non-empty .spec.schedulingGates`)
    }
    const annotations = binding.metadata?.annotations
    return {
      apiVersion: pod.apiVersion,
      kind: pod.kind,
      metadata: annotations
        ? { ...pod.metadata, annotations: { ...pod.metadata.annotations, ...annotations } }
        : pod.metadata,
      spec: { ...pod.spec, nodeName: binding.target.name },
      status: { ...pod.status, conditions: scheduled(pod.status.conditions, context.timestamp) },
    }
  },
}

function validateBinding({ target }: Binding): FieldError[] {
  const errors: FieldError[] = []
  if (target?.kind && target.kind !== 'Node') {
    errors.push(notSupported('target.kind', target.kind, ['Node', '<empty>']))
  }
  if (!target?.name) errors.push(required('target.name'))
  else if (target.name.includes('/')) {
    errors.push(invalidValue('target.name', target.name, "may not contain '/'"))
  }
  return errors
}

function scheduled(conditions: readonly PodCondition[] | undefined, timestamp: string): PodCondition[] {
  const condition: PodCondition = {
    type: 'PodScheduled',
    status: 'True',
    lastProbeTime: NO_TIME,
    lastTransitionTime: timestamp,
  }
  if (!conditions || conditions.length === 0) return [condition]
  const index = conditions.findIndex(({ type }) => type === 'PodScheduled')
  return index < 0 ? [...conditions, condition] : conditions.with(index, condition)
}
