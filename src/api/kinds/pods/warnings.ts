/**
 * What the API server warns about in pods and templates, though it takes them. Mirrors `GetWarningsForPodTemplate` of
 * pkg/api/pod/warnings.go on the common mistakes. Worked out once for a frozen spec: pods share their template's.
 */
import type { Container, PodSpec, PodTemplateSpec } from 'kubernetes-types/core/v1.js'
import type { Strategy } from '../../define-kind.ts'
import { memoiseByObject } from '../../memo.ts'
import type { KubeObject } from '../../object.ts'
import { quantityOf } from '../shared/resources.ts'

/** Labels of nodes that got other names, by the old one. */
const RENAMED_LABELS: Readonly<Record<string, readonly [since: string, now: string]>> = {
  'beta.kubernetes.io/arch': ['v1.14', 'kubernetes.io/arch'],
  'beta.kubernetes.io/os': ['v1.14', 'kubernetes.io/os'],
  'failure-domain.beta.kubernetes.io/region': ['v1.17', 'topology.kubernetes.io/region'],
  'failure-domain.beta.kubernetes.io/zone': ['v1.17', 'topology.kubernetes.io/zone'],
  'beta.kubernetes.io/instance-type': ['v1.17', 'node.kubernetes.io/instance-type'],
}
const WHOLE = 1_000_000_000n
const NONE: readonly string[] = Object.freeze([])

/** Warnings about a pod's spec, each with a path below the spec's own. */
const specWarnings: (spec: PodSpec) => readonly string[] = memoiseByObject(spec => {
  const warnings: string[] = []
  for (const label in spec.nodeSelector) warnings.push(...labelWarning(label, `nodeSelector[${label}]`))
  const seconds = spec.terminationGracePeriodSeconds
  if (seconds !== undefined && seconds < 0) {
    const why = 'must be >= 0; negative values are invalid and will be treated as 1'
    warnings.push(`terminationGracePeriodSeconds: ${why}`)
  }
  spec.volumes?.forEach((volume, i) => {
    if (volume.gitRepo) warnings.push(`volumes[${i}].gitRepo: deprecated in v1.11`)
  })
  const names = new Map<string, string>()
  for (const list of ['initContainers', 'containers'] as const) {
    spec[list]?.forEach((container, i) => {
      warnings.push(...containerWarnings(container, `${list}[${i}]`, names))
    })
  }
  return warnings.length > 0 ? warnings : NONE
})

function labelWarning(label: string, path: string): string[] {
  const renamed = RENAMED_LABELS[label]
  return renamed ? [`${path}: deprecated since ${renamed[0]}; use "${renamed[1]}" instead`] : []
}

/** `portNames` has those of the containers before, by where they are. */
function containerWarnings(container: Container, path: string, portNames: Map<string, string>): string[] {
  const warnings: string[] = []
  container.env?.forEach(({ name }, i) => {
    if (container.env!.findIndex(other => other.name === name) === i) return
    const what = `hides previous definition of ${JSON.stringify(name)}, which may be dropped when using apply`
    warnings.push(`${path}.env[${i}]: ${what}`)
  })
  warnings.push(...portWarnings(container, path, portNames))
  for (const field of ['limits', 'requests'] as const) {
    for (const name of ['memory', 'ephemeral-storage']) {
      const amount = (container.resources?.[field] as Record<string, string> | undefined)?.[name]
      if (amount === undefined || quantityOf(amount).nano % WHOLE === 0n) continue
      const what = `fractional byte value ${JSON.stringify(amount)} is invalid, must be an integer`
      warnings.push(`${path}.resources.${field}[${name}]: ${what}`)
    }
  }
  return warnings
}

function portWarnings(container: Container, path: string, portNames: Map<string, string>): string[] {
  const warnings: string[] = []
  const ports = container.ports ?? []
  ports.forEach(({ name, containerPort, protocol }, i) => {
    const portPath = `${path}.ports[${i}]`
    const same = ports.findIndex(port => port.containerPort === containerPort && port.protocol === protocol)
    if (same < i) warnings.push(`${portPath}: duplicate port definition with ${BASE}${path}.ports[${same}]`)
    if (!name) return
    const first = portNames.get(name)
    if (first === undefined) portNames.set(name, portPath)
    else if (!first.startsWith(`${path}.`)) {
      const others = 'services and probes that select ports by name will use'
      const what = `duplicate port name ${JSON.stringify(name)} with ${BASE}${first}`
      warnings.push(`${portPath}: ${what}, ${others} ${BASE}${first}`)
    }
  })
  return warnings
}
/** Stands for the path of the spec in the middle of a warning. */
const BASE = '\0'

/** The warnings with whole paths; `path` is the spec's. */
export function podSpecWarnings(spec: PodSpec | undefined, path: string): string[] {
  if (!spec) return []
  return specWarnings(spec).map(text => `${path}.${text.replaceAll(BASE, `${path}.`)}`)
}

/** The hook of kinds that embed a template: on create, and with every new generation. `path` is the template's. */
export function templateWarnings<T extends KubeObject>(
  templateOf: (object: T) => PodTemplateSpec | undefined,
  path: string,
): NonNullable<Strategy<T>['warnings']> {
  return (object, old) => {
    if (old && old.metadata.generation === object.metadata.generation) return []
    return podSpecWarnings(templateOf(object)?.spec, `${path}.spec`)
  }
}
