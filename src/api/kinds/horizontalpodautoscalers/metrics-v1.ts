/** Metrics as annotations of autoscaling/v1 have them: flat, with one field for each sort of target. */
import type { MetricIdentifier, MetricSpec, MetricStatus } from 'kubernetes-types/autoscaling/v2.js'

/** A metric or a status of one in v1's form: `{ type, <source>: { ... } }`. */
type FlatMetric = Readonly<Record<string, unknown>>

/** Without what is undefined. */
function compact(fields: FlatMetric): FlatMetric {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}

export function metricToV1({
  type,
  resource,
  containerResource,
  pods,
  object,
  external,
}: MetricSpec): FlatMetric {
  return compact({
    type,
    resource: resource && usageToV1(resource.name, undefined, resource.target, 'target'),
    containerResource:
      containerResource &&
      usageToV1(containerResource.name, containerResource.container, containerResource.target, 'target'),
    pods:
      pods &&
      compact({
        metricName: pods.metric.name,
        targetAverageValue: pods.target.averageValue,
        selector: pods.metric.selector,
      }),
    object:
      object &&
      compact({
        target: object.describedObject,
        metricName: object.metric.name,
        targetValue: object.target.value ?? '0',
        selector: object.metric.selector,
        averageValue: object.target.averageValue,
      }),
    external:
      external &&
      compact({
        metricName: external.metric.name,
        metricSelector: external.metric.selector,
        targetValue: external.target.value,
        targetAverageValue: external.target.averageValue,
      }),
  })
}

export function statusToV1({
  type,
  resource,
  containerResource,
  pods,
  object,
  external,
}: MetricStatus): FlatMetric {
  return compact({
    type,
    resource: resource && usageToV1(resource.name, undefined, resource.current, 'current'),
    containerResource:
      containerResource &&
      usageToV1(containerResource.name, containerResource.container, containerResource.current, 'current'),
    pods:
      pods &&
      compact({
        metricName: pods.metric.name,
        currentAverageValue: pods.current.averageValue,
        selector: pods.metric.selector,
      }),
    object:
      object &&
      compact({
        target: object.describedObject,
        metricName: object.metric.name,
        currentValue: object.current.value ?? '0',
        selector: object.metric.selector,
        averageValue: object.current.averageValue,
      }),
    external:
      external &&
      compact({
        metricName: external.metric.name,
        metricSelector: external.metric.selector,
        currentValue: external.current.value ?? '0',
        currentAverageValue: external.current.averageValue,
      }),
  })
}

function usageToV1(
  name: string,
  container: string | undefined,
  { averageUtilization, averageValue }: { averageUtilization?: number; averageValue?: string },
  prefix: 'target' | 'current',
): FlatMetric {
  return compact({
    name,
    container,
    [`${prefix}AverageUtilization`]: averageUtilization,
    [`${prefix}AverageValue`]: averageValue,
  })
}

export function metricFromV1(flat: FlatMetric): MetricSpec {
  return sourcesFromV1(flat, 'target') as unknown as MetricSpec
}

export function statusFromV1(flat: FlatMetric): MetricStatus {
  return sourcesFromV1(flat, 'current') as unknown as MetricStatus
}

/** The nested form of a flat metric; `prefix` tells what is wanted from what is. */
function sourcesFromV1(flat: FlatMetric, prefix: 'target' | 'current'): FlatMetric {
  const source = (name: string) => flat[name] as FlatMetric | undefined
  const [resource, containerResource] = [source('resource'), source('containerResource')]
  const [pods, object, external] = [source('pods'), source('object'), source('external')]
  const values = (from: FlatMetric, value: unknown, averageValue: unknown) => ({
    [prefix]: typed(
      prefix,
      compact({ value, averageValue, averageUtilization: from[`${prefix}AverageUtilization`] }),
    ),
  })
  const usage = (from: FlatMetric) => ({
    name: from.name,
    ...values(from, undefined, from[`${prefix}AverageValue`]),
  })
  return compact({
    type: flat.type,
    resource: resource && usage(resource),
    containerResource: containerResource && {
      ...usage(containerResource),
      container: containerResource.container,
    },
    pods: pods && { metric: identifier(pods), ...values(pods, undefined, pods[`${prefix}AverageValue`]) },
    object: object && {
      describedObject: object.target,
      metric: identifier(object),
      ...values(
        object,
        object.averageValue === undefined ? object[`${prefix}Value`] : undefined,
        object.averageValue,
      ),
    },
    external: external && {
      metric: identifier(external),
      ...values(external, external[`${prefix}Value`], external[`${prefix}AverageValue`]),
    },
  })
}

function identifier(from: FlatMetric): MetricIdentifier {
  return compact({
    name: from.metricName,
    selector: from.selector ?? from.metricSelector,
  }) as unknown as MetricIdentifier
}

/** Targets say of which sort they are, current values do not. */
function typed(prefix: 'target' | 'current', values: FlatMetric): FlatMetric {
  if (prefix === 'current') return values
  if (values.averageUtilization !== undefined) return { type: 'Utilization', ...values }
  return { type: values.averageValue === undefined ? 'Value' : 'AverageValue', ...values }
}
