/**
 * What a pod or a pod template must be like. Mirrors `ValidatePodSpec` of pkg/apis/core/validation. A frozen spec
 * that was found right is right for ever: pods made from a stored template are not looked at again. Not looked
 * into: security contexts, DNS configuration, ephemeral containers, pod-level resources, Windows.
 */
import type { Container, PodSpec, PodTemplateSpec } from 'kubernetes-types/core/v1.js'
import { duplicate, type FieldError, fieldForbidden, invalidValue, required } from '../../field-error.ts'
import {
  isDns1123Label,
  isDns1123Subdomain,
  isInRange,
  isQualifiedName,
  validateAnnotations,
  validateLabels,
} from '../../validation/index.ts'
import { checkMetadata } from '../shared/metadata.ts'
import { checkOneOf, checkText } from '../shared/rules.ts'
import { validateContainers } from './container-rules.ts'
import { validateAffinity, validateSpread, validateTolerations } from './scheduling-rules.ts'
import type { Pod } from './types.ts'
import { validateVolumes } from './volume-rules.ts'

const MAXIMUM_UINT32 = 2 ** 32 - 1
const DNS_POLICIES = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None']

export function validatePod(pod: Pod): FieldError[] {
  const errors = checkMetadata(pod, isDns1123Subdomain)
  errors.push(...validatePodSpec(pod.spec, 'spec'))
  return errors
}

/** A template, wherever it is embedded. */
export function validatePodTemplate(template: PodTemplateSpec | undefined, path: string): FieldError[] {
  if (!template) return [required(path)]
  const errors = [
    ...validateLabels(template.metadata?.labels, `${path}.labels`),
    ...validateAnnotations(template.metadata?.annotations, `${path}.annotations`),
    ...validatePodSpec(template.spec, `${path}.spec`),
  ]
  if (template.spec?.ephemeralContainers?.length) {
    const detail = 'ephemeral containers not allowed in pod template'
    errors.push(fieldForbidden(`${path}.spec.ephemeralContainers`, detail))
  }
  return errors
}

const rightSpecs = new WeakSet<PodSpec>()

export function validatePodSpec(spec: PodSpec | undefined, path: string): FieldError[] {
  if (!spec) return [required(`${path}.containers`)]
  if (rightSpecs.has(spec)) return []
  const errors = checkPodSpec(spec, path)
  if (errors.length === 0 && Object.isFrozen(spec)) rightSpecs.add(spec)
  return errors
}

function checkPodSpec(spec: PodSpec, path: string): FieldError[] {
  const errors = validateVolumes(spec.volumes, `${path}.volumes`)
  errors.push(...validateContainers(spec, path))
  if (spec.hostNetwork) errors.push(...hostNetworkPorts(spec.containers, `${path}.containers`))
  errors.push(...checkOneOf(spec.restartPolicy, `${path}.restartPolicy`, ['Always', 'OnFailure', 'Never']))
  errors.push(...checkOneOf(spec.dnsPolicy, `${path}.dnsPolicy`, DNS_POLICIES))
  errors.push(...validateLabels(spec.nodeSelector, `${path}.nodeSelector`))
  spec.imagePullSecrets?.forEach((secret, i) => {
    if (!secret.name) errors.push(required(`${path}.imagePullSecrets[${i}].name`))
  })
  errors.push(...validateAffinity(spec.affinity, `${path}.affinity`))
  spec.readinessGates?.forEach((gate, i) => {
    const gatePath = `${path}.readinessGates[${i}].conditionType`
    errors.push(...checkText(gate.conditionType, gatePath, isQualifiedName))
  })
  errors.push(...validateGates(spec, `${path}.schedulingGates`))
  errors.push(...validateSpread(spec.topologySpreadConstraints, `${path}.topologySpreadConstraints`))
  errors.push(...checkOptional(spec.serviceAccountName, `${path}.serviceAccountName`, isDns1123Subdomain))
  errors.push(...checkOptional(spec.nodeName, `${path}.nodeName`, isDns1123Subdomain))
  errors.push(...validateDeadline(spec.activeDeadlineSeconds, `${path}.activeDeadlineSeconds`))
  errors.push(...checkOptional(spec.hostname, `${path}.hostname`, isDns1123Label))
  errors.push(...checkOptional(spec.subdomain, `${path}.subdomain`, isDns1123Label))
  errors.push(...validateTolerations(spec.tolerations, `${path}.tolerations`))
  errors.push(...checkOptional(spec.priorityClassName, `${path}.priorityClassName`, isDns1123Subdomain))
  errors.push(...checkOptional(spec.runtimeClassName, `${path}.runtimeClassName`, isDns1123Subdomain))
  return errors
}

function checkOptional(value: string | undefined, path: string, rule: (text: string) => string[]) {
  return value ? checkText(value, path, rule) : []
}

/** A positive number of seconds, where one is given. */
export function validateDeadline(seconds: number | undefined, path: string): FieldError[] {
  if (seconds === undefined || seconds === null) return []
  return isInRange(seconds, 1, MAXIMUM_UINT32).map(text => invalidValue(path, seconds, text))
}

function validateGates(spec: PodSpec, path: string): FieldError[] {
  const errors: FieldError[] = []
  const names = new Set<string>()
  spec.schedulingGates?.forEach((gate, i) => {
    errors.push(...checkText(gate.name, `${path}[${i}].name`, isQualifiedName))
    if (names.has(gate.name)) errors.push(duplicate(`${path}[${i}]`, gate.name))
    names.add(gate.name)
  })
  return errors
}

function hostNetworkPorts(containers: readonly Container[], path: string): FieldError[] {
  return containers.flatMap((container, c) =>
    (container.ports ?? []).flatMap((port, p) => {
      if (!port.hostPort || port.hostPort === port.containerPort) return []
      const detail = 'must match `hostPort` when `hostNetwork` is true'
      return [invalidValue(`${path}[${c}].ports[${p}].containerPort`, port.containerPort, detail)]
    }),
  )
}
