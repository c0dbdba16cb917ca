/**
 * RuntimeClass: pods get the overhead and the node selection of the class they name. Mirrors
 * `plugin/pkg/admission/runtimeclass`.
 */
import {
  type Pod,
  Pods,
  type RuntimeClass,
  RuntimeClasses,
  semanticEqual,
  statuses,
} from '../../api/index.ts'
import { type AdmissionPlugin, type Attributes, nameIn, type Refusal } from './plugin.ts'

export const RUNTIME_CLASS: AdmissionPlugin = {
  name: 'RuntimeClass',

  handles: (kind, operation, subresource) => kind === Pods && operation === 'CREATE' && subresource === '',

  admit(object, attributes, view) {
    const pod = object as Pod
    const name = pod.spec?.runtimeClassName
    if (!name) {
      if (!pod.spec?.overhead) return undefined
      return no(
        pod,
        attributes,
        'pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead',
      )
    }
    const runtimeClass = view.get(RuntimeClasses, '', name)
    if (!runtimeClass) {
      return no(pod, attributes, `pod rejected: RuntimeClass ${JSON.stringify(name)} not found`)
    }
    return withClass(pod, runtimeClass, attributes)
  },
}

function withClass(pod: Pod, { overhead, scheduling }: RuntimeClass, attributes: Attributes): Pod | Refusal {
  const { spec } = pod
  const podFixed = overhead?.podFixed
  if (spec.overhead && !semanticEqual(spec.overhead, podFixed)) {
    return no(pod, attributes, "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead")
  }
  const next = { ...spec, ...(podFixed && { overhead: podFixed }) }
  const wanted = scheduling?.nodeSelector ?? {}
  for (const label of Object.keys(wanted)) {
    const present = spec.nodeSelector?.[label]
    if (present !== undefined && present !== wanted[label]) {
      const why = `conflict: runtimeClass.scheduling.nodeSelector[${label}] = ${wanted[label]}; pod.spec.nodeSelector[${label}] = ${present}`
      return no(pod, attributes, why)
    }
  }
  if (scheduling?.nodeSelector) next.nodeSelector = { ...spec.nodeSelector, ...wanted }
  if (scheduling?.tolerations) next.tolerations = [...(spec.tolerations ?? []), ...scheduling.tolerations]
  return { ...pod, spec: next } as Pod
}

function no(pod: Pod, attributes: Attributes, why: string): Refusal {
  return { refused: statuses.forbidden(Pods, nameIn(attributes, pod), why) }
}
