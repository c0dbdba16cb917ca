/**
 * Priority: pods get the number that their PriorityClass stands for. Mirrors `plugin/pkg/admission/priority`.
 */
import { freezeDeep, type Pod, Pods, type PriorityClass, PriorityClasses, statuses } from '../../api/index.ts'
import { type AdmissionPlugin, type AdmissionView, type Attributes, nameIn, type Refusal } from './plugin.ts'

type PodSpec = Pod['spec']

const STANDARD_POLICY = 'PreemptLowerPriority'

export const PRIORITY: AdmissionPlugin = {
  name: 'Priority',

  handles: (kind, operation, subresource) =>
    subresource === '' &&
    ((kind === Pods && operation === 'CREATE') ||
      (kind === PriorityClasses && (operation === 'CREATE' || operation === 'UPDATE'))),

  admit(object, attributes, view) {
    if (attributes.kind !== Pods) return undefined
    const pod = object as Pod
    if (!pod.spec) return undefined
    const spec = pod.spec.priorityClassName
      ? named(pod, pod.spec.priorityClassName, attributes, view)
      : standard(pod, attributes, view)
    return 'refused' in spec ? spec : ({ ...pod, spec } as Pod)
  },

  validate(object, { kind, name }, view) {
    const priorityClass = object as PriorityClass
    if (kind !== PriorityClasses || !priorityClass?.globalDefault) return undefined
    for (const other of view.list(PriorityClasses)) {
      if (!other.globalDefault || other.metadata.name === name) continue
      const why = `PriorityClass ${other.metadata.name} is already marked as default. Only one default can exist`
      return { refused: statuses.forbidden(PriorityClasses, name, why) }
    }
    return undefined
  },
}

function named(pod: Pod, name: string, attributes: Attributes, view: AdmissionView): PodSpec | Refusal {
  const priorityClass = view.get(PriorityClasses, '', name)
  if (!priorityClass) return no(pod, attributes, `no PriorityClass with name ${name} was found`)
  return withPriority(pod, priorityClass, attributes, view)
}

function standard(pod: Pod, attributes: Attributes, view: AdmissionView): PodSpec | Refusal {
  let lowest: PriorityClass | undefined
  for (const one of view.list(PriorityClasses)) {
    if (one.globalDefault && (!lowest || one.value < lowest.value)) lowest = one
  }
  return withPriority(pod, lowest, attributes, view)
}

/** Pods of one template go on sharing one spec. */
function withPriority(
  pod: Pod,
  priorityClass: PriorityClass | undefined,
  attributes: Attributes,
  view: AdmissionView,
): PodSpec | Refusal {
  const { spec } = pod
  const priority = priorityClass?.value ?? 0
  const preemptionPolicy = priorityClass?.preemptionPolicy ?? STANDARD_POLICY
  if (spec.priority !== undefined && spec.priority !== priority) {
    const why = `the integer value of priority (${spec.priority}) must not be provided in pod spec; priority admission controller computed ${priority} from the given PriorityClass name`
    return no(pod, attributes, why)
  }
  if (spec.preemptionPolicy !== undefined && spec.preemptionPolicy !== preemptionPolicy) {
    const why = `the string value of PreemptionPolicy (${spec.preemptionPolicy}) must not be provided in pod spec; priority admission controller computed ${preemptionPolicy} from the given PriorityClass name`
    return no(pod, attributes, why)
  }
  const memory = view.memory(PRIORITY.name)
  const known = memory.get(spec) as PodSpec | undefined
  const className = priorityClass?.metadata.name
  if (
    known?.priority === priority &&
    known.preemptionPolicy === preemptionPolicy &&
    known.priorityClassName === className
  ) {
    return known
  }
  const complete: PodSpec = {
    ...spec,
    ...(className && { priorityClassName: className }),
    priority,
    preemptionPolicy,
  }
  if (!Object.isFrozen(spec)) return complete
  memory.set(spec, freezeDeep(complete))
  return complete
}

function no(pod: Pod, attributes: Attributes, why: string): Refusal {
  return { refused: statuses.forbidden(Pods, nameIn(attributes, pod), why) }
}
