/**
 * `pods/NAME/resize`: changes what the containers of a running pod may use. Mirrors `podResizeStrategy` and
 * `ValidatePodResize`; pod-level resources are not modelled, and the diff of Go structs is left out.
 */
import type { Container, ResourceRequirements } from 'kubernetes-types/core/v1.js'
import { semanticEqual } from '../../deep-equal.ts'
import type { SubresourceAction } from '../../define-kind.ts'
import { type FieldError, fieldForbidden, invalidValue } from '../../field-error.ts'
import { compareQuantities } from '../../quantity.ts'
import { ApiError, invalid } from '../../status.ts'
import { quantityOf } from '../shared/resources.ts'
import { defaultPod } from './defaults.ts'
import { qualityOfService } from './quality-of-service.ts'
import { validatePod } from './rules.ts'
import type { Pod } from './types.ts'

const PODS = Object.freeze({ group: '', plural: 'pods', kind: 'Pod' })
const LISTS = ['containers', 'initContainers'] as const
const AMOUNTS = ['requests', 'limits'] as const
const MUTABLE: readonly string[] = ['cpu', 'memory']

/** Takes `resources` and `resizePolicy` of each container and nothing else. Throws ApiError 422. */
export const resizePod: SubresourceAction<Pod> = {
  verb: 'update',
  apply(pod, body) {
    const next = withResources(pod, defaultPod(body as Pod))
    if (semanticEqual(next.spec, pod.spec)) return pod
    const errors = validateResize(next, pod)
    if (errors.length > 0) throw new ApiError(invalid(PODS, pod.metadata.name, errors))
    return next
  },
  respond: pod => pod,
}

function withResources(old: Pod, wanted: Pod): Pod {
  const spec = { ...old.spec }
  for (const list of LISTS) {
    const before = old.spec[list]
    if (before) spec[list] = before.map(container => changed(container, wanted.spec?.[list]))
  }
  return { ...old, spec }
}

function changed(container: Container, wanted: readonly Container[] | undefined): Container {
  const now = wanted?.find(({ name }) => name === container.name)
  if (!now) return container
  const { resizePolicy: _, ...rest } = container
  return {
    ...rest,
    resources: now.resources ?? {},
    ...(now.resizePolicy?.length && { resizePolicy: now.resizePolicy }),
  }
}

function validateResize(next: Pod, old: Pod): FieldError[] {
  if (old.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined) {
    return [fieldForbidden('', 'static pods cannot be resized')]
  }
  if (old.spec.os?.name === 'windows') return [fieldForbidden('', 'windows pods cannot be resized')]
  const errors = validatePod(next)
  const before = old.status.qosClass ?? qualityOfService(old.spec)
  if (before !== qualityOfService(next.spec)) {
    errors.push(invalidValue('spec', before, 'Pod QOS Class may not change as a result of resizing'))
  }
  const running = old.status.containerStatuses?.find(({ state }) => state?.running)
  if (running && !running.resources) {
    errors.push(fieldForbidden('spec', 'Pod running on node without support for resize'))
  }
  for (const list of LISTS) {
    next.spec[list]?.forEach((container, i) => {
      errors.push(...validateContainer(container, old.spec[list]![i]!, `spec.${list}[${i}].resources`, list))
    })
  }
  const mayChange = LISTS.every(
    list =>
      next.spec[list]?.every((container, i) =>
        semanticEqual(withoutMutable(container.resources), withoutMutable(old.spec[list]![i]!.resources)),
      ) ?? true,
  )
  if (!mayChange) errors.push(fieldForbidden('spec', 'only cpu and memory resources are mutable'))
  return errors
}

function validateContainer(
  next: Container,
  old: Container,
  path: string,
  list: (typeof LISTS)[number],
): FieldError[] {
  if (list === 'initContainers' && old.restartPolicy !== 'Always') {
    const detail = 'resources for non-sidecar init containers are immutable'
    return semanticEqual(next.resources, old.resources) ? [] : [fieldForbidden(path, detail)]
  }
  const errors: FieldError[] = []
  for (const kind of AMOUNTS) {
    const [now, before] = [next.resources?.[kind] ?? {}, old.resources?.[kind] ?? {}]
    if (Object.keys(before).some(name => now[name] === undefined)) {
      errors.push(fieldForbidden(`${path}.${kind}`, `resource ${kind} cannot be removed`))
    }
  }
  const [now, before] = [next.resources?.limits?.memory, old.resources?.limits?.memory]
  const restarts = next.resizePolicy?.find(({ resourceName }) => resourceName === 'memory')?.restartPolicy
  const isLess =
    now !== undefined && before !== undefined && compareQuantities(quantityOf(now), quantityOf(before)) < 0
  if (isLess && restarts !== 'RestartContainer') {
    const detail = 'memory limits cannot be decreased unless resizePolicy is RestartContainer'
    errors.push(fieldForbidden(`${path}.limits[memory]`, detail))
  }
  return errors
}

/** What of a container's resources no resize may touch. */
function withoutMutable(resources: ResourceRequirements | undefined): object {
  const rest = (kind: (typeof AMOUNTS)[number]) =>
    Object.entries(resources?.[kind] ?? {}).filter(([name]) => !MUTABLE.includes(name))
  return { requests: rest('requests'), limits: rest('limits'), claims: resources?.claims }
}
