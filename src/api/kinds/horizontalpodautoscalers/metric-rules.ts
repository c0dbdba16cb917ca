/** What a HorizontalPodAutoscaler may go by. Mirrors `validateMetricSpec` of pkg/apis/autoscaling/validation. */
import type {
  CrossVersionObjectReference,
  MetricIdentifier,
  MetricSpec,
  MetricTarget,
} from 'kubernetes-types/autoscaling/v2.js'
import { type FieldError, fieldForbidden, invalidValue, notSupported, required } from '../../field-error.ts'
import { compareQuantities } from '../../quantity.ts'
import { isPathSegment } from '../../validation/index.ts'
import { checkName, checkText } from '../shared/rules.ts'

const SOURCES = {
  ContainerResource: 'containerResource',
  External: 'external',
  Object: 'object',
  Pods: 'pods',
  Resource: 'resource',
} as const
type Source = (typeof SOURCES)[keyof typeof SOURCES]

export function validateMetric(metric: MetricSpec, path: string): FieldError[] {
  if (!metric.type) return [required(`${path}.type`, 'must specify a metric source type')]
  if (!Object.hasOwn(SOURCES, metric.type)) {
    return [notSupported(`${path}.type`, metric.type, Object.keys(SOURCES))]
  }
  const source = SOURCES[metric.type as keyof typeof SOURCES]
  const errors: FieldError[] = []
  if (!metric[source]) {
    errors.push(required(`${path}.${source}`, 'must populate information for the given metric source'))
  }
  for (const other of Object.values(SOURCES)) {
    if (other === source || !metric[other]) continue
    errors.push(fieldForbidden(`${path}.${other}`, 'must populate the given metric source only'))
  }
  return [...errors, ...validateSource(metric, source, `${path}.${source}`)]
}

function validateSource(metric: MetricSpec, source: Source, path: string): FieldError[] {
  const { resource, containerResource, pods, object, external } = metric
  switch (source) {
    case 'resource':
      return resource ? validateResource(resource, path) : []
    case 'containerResource': {
      if (!containerResource) return []
      const errors = validateResource(containerResource, path)
      if (containerResource.container) return errors
      return [...errors, required(`${path}.container`, 'must specify a container')]
    }
    case 'pods':
      return pods
        ? [
            ...validateIdentifier(pods.metric, `${path}.metric`),
            ...validateTarget(pods.target, `${path}.target`),
            ...requireAverage(pods.target, `${path}.target`, 'must specify a positive target averageValue'),
          ]
        : []
    case 'object':
      return object
        ? [
            ...validateReference(object.describedObject, `${path}.describedObject`),
            ...validateIdentifier(object.metric, `${path}.metric`),
            ...validateTarget(object.target, `${path}.target`),
            ...requireAny(object.target, `${path}.target`, 'must set either a target value or averageValue'),
          ]
        : []
    case 'external':
      return external ? validateExternal(external.metric, external.target, path) : []
  }
}

function validateResource(
  { name, target }: { readonly name: string; readonly target?: MetricTarget },
  path: string,
): FieldError[] {
  const errors = name ? [] : [required(`${path}.name`, 'must specify a resource name')]
  errors.push(...validateTarget(target, `${path}.target`))
  const { averageUtilization, averageValue } = target ?? {}
  if (averageUtilization === undefined && averageValue === undefined) {
    const detail = 'must set either a target raw value or a target utilization'
    errors.push(required(`${path}.target.averageUtilization`, detail))
  }
  if (averageUtilization !== undefined && averageValue !== undefined) {
    const detail = 'may not set both a target raw value and a target utilization'
    errors.push(fieldForbidden(`${path}.target.averageValue`, detail))
  }
  return errors
}

function validateExternal(metric: MetricIdentifier, target: MetricTarget, path: string): FieldError[] {
  const errors = [
    ...validateIdentifier(metric, `${path}.metric`),
    ...validateTarget(target, `${path}.target`),
    ...requireAny(target, `${path}.target`, 'must set either a target value for metric or a per-pod target'),
  ]
  if (target?.value !== undefined && target.averageValue !== undefined) {
    const detail = 'may not set both a target value for metric and a per-pod target'
    errors.push(fieldForbidden(`${path}.target.value`, detail))
  }
  return errors
}

function validateIdentifier(metric: MetricIdentifier | undefined, path: string): FieldError[] {
  const name = metric?.name
  if (!name) return [required(`${path}.name`, 'must specify a metric name')]
  return checkText(name, `${path}.name`, isPathSegment)
}

/** Something of a kind and a name. */
export function validateReference(
  reference: Partial<CrossVersionObjectReference> | undefined,
  path: string,
): FieldError[] {
  return [
    ...checkName(reference?.kind, `${path}.kind`, isPathSegment),
    ...checkName(reference?.name, `${path}.name`, isPathSegment),
  ]
}

function requireAverage(target: MetricTarget | undefined, path: string, detail: string): FieldError[] {
  const average = target?.averageValue
  const isPositive = average !== undefined && compareQuantities(average, 0) > 0
  return isPositive ? [] : [required(`${path}.averageValue`, detail)]
}

function requireAny(target: MetricTarget | undefined, path: string, detail: string): FieldError[] {
  const isSet = target?.value !== undefined || target?.averageValue !== undefined
  return isSet ? [] : [required(`${path}.averageValue`, detail)]
}

function validateTarget(target: MetricTarget | undefined, path: string): FieldError[] {
  const { type, value, averageValue, averageUtilization } = target ?? {}
  if (!type) return [required(`${path}.type`, 'must specify a metric target type')]
  const errors: FieldError[] = []
  if (!['Utilization', 'Value', 'AverageValue'].includes(type)) {
    errors.push(invalidValue(`${path}.type`, type, 'must be either Utilization, Value, or AverageValue'))
  }
  for (const [field, amount] of Object.entries({ value, averageValue })) {
    if (amount === undefined || compareQuantities(amount, 0) > 0) continue
    errors.push(invalidValue(`${path}.${field}`, amount, 'must be positive'))
  }
  if (averageUtilization !== undefined && averageUtilization < 1) {
    errors.push(invalidValue(`${path}.averageUtilization`, averageUtilization, 'must be greater than 0'))
  }
  return errors
}
