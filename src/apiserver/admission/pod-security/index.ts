/**
 * PodSecurity: pods keep to the level that their namespace's labels name; `enforce` refuses, `warn` warns. Mirrors
 * `k8s.io/pod-security-admission`; what `audit` finds has no log to go to and is left out, and there are no
 * exemptions or defaults by configuration.
 */
import {
  type AnyKind,
  type FieldError,
  field,
  type KubeObject,
  Namespaces,
  type Pod,
  Pods,
  statuses,
} from '../../../api/index.ts'
import { type AdmissionPlugin, type AdmissionView, type Attributes, nameIn, type Refusal } from '../plugin.ts'
import { type PodLike, type Violation, violations } from './checks.ts'

const PREFIX = 'pod-security.kubernetes.io/'
/** Namespaces are checked against new levels with so many of their pods, `namespaceMaxPodsToCheck`. */
const MOST_PODS = 3000

type Level = 'privileged' | 'baseline' | 'restricted'
type Mode = 'enforce' | 'warn'
type Labels = Readonly<Record<string, string>>

/** Workloads whose templates are warned about. */
const TEMPLATED: ReadonlySet<string> = new Set([
  'replicationcontrollers',
  'podtemplates',
  'replicasets.apps',
  'deployments.apps',
  'statefulsets.apps',
  'daemonsets.apps',
  'jobs.batch',
  'cronjobs.batch',
])

export const POD_SECURITY: AdmissionPlugin = {
  name: 'PodSecurity',

  handles(kind, operation, subresource) {
    if (operation !== 'CREATE' && operation !== 'UPDATE') return false
    if (kind === Pods) return subresource === '' || subresource === 'ephemeralcontainers'
    return subresource === '' && (kind === Namespaces || isTemplated(kind))
  },

  validate(object, attributes, view) {
    if (!object) return undefined
    if (attributes.kind === Namespaces) return validateNamespace(object, attributes, view)
    const labels = view.get(Namespaces, '', attributes.namespace)?.metadata.labels
    if (!labels || !isLabelled(labels)) return undefined
    return attributes.kind === Pods
      ? validatePod(object as Pod, attributes, labels)
      : warnOfTemplate(object, attributes, labels)
  },
}

function isTemplated({ plural, group }: AnyKind): boolean {
  return TEMPLATED.has(group ? `${plural}.${group}` : plural)
}

/** Most namespaces say nothing. */
function isLabelled(labels: Labels): boolean {
  return labels[`${PREFIX}enforce`] !== undefined || labels[`${PREFIX}warn`] !== undefined
}

/** What cannot be read forbids the most, as upstream fails closed; except to warn. */
function levelOf(labels: Labels, mode: Mode): Level {
  const level = labels[PREFIX + mode]
  if (level === undefined || level === 'privileged') return 'privileged'
  if (level === 'baseline' || level === 'restricted') return level
  return mode === 'enforce' ? 'restricted' : 'privileged'
}

/** `restricted:latest` */
function shownLevel(labels: Labels, mode: Mode): string {
  return `${levelOf(labels, mode)}:${labels[`${PREFIX}${mode}-version`] ?? 'latest'}`
}

function validatePod(pod: Pod, attributes: Attributes, labels: Labels): Refusal | undefined {
  if (attributes.old && !isSignificant(pod, attributes.old as Pod)) return undefined
  const subject: PodLike = { annotations: pod.metadata.annotations ?? {}, spec: pod.spec }
  const level = levelOf(labels, 'enforce')
  const found = level === 'privileged' ? [] : violations(level, subject)
  if (found.length > 0) {
    const why = `violates PodSecurity ${JSON.stringify(shownLevel(labels, 'enforce'))}: ${detailOf(found)}`
    return { refused: statuses.forbidden(Pods, nameIn(attributes, pod), why) }
  }
  warn(subject, attributes, labels)
  return undefined
}

function warnOfTemplate(object: KubeObject, attributes: Attributes, labels: Labels): undefined {
  const { spec, template: bare } = object as KubeObject & { spec?: Templated; template?: Template }
  const template = bare ?? spec?.template ?? spec?.jobTemplate?.spec?.template
  if (!template?.spec) return undefined
  warn({ annotations: template.metadata?.annotations ?? {}, spec: template.spec }, attributes, labels)
  return undefined
}

interface Template {
  readonly metadata?: { readonly annotations?: Labels }
  readonly spec?: Pod['spec']
}

interface Templated {
  readonly template?: Template
  readonly jobTemplate?: { readonly spec?: { readonly template?: Template } }
}

function warn(subject: PodLike, { warnings }: Attributes, labels: Labels): void {
  const level = levelOf(labels, 'warn')
  const found = level === 'privileged' ? [] : violations(level, subject)
  if (found.length === 0) return
  warnings.push(`would violate PodSecurity ${JSON.stringify(shownLevel(labels, 'warn'))}: ${detailOf(found)}`)
}

function detailOf(found: readonly Violation[]): string {
  return found.map(({ reason, detail }) => (detail ? `${reason} (${detail})` : reason)).join(', ')
}

/** Of a running pod only images and new debugging containers are looked at again. */
function isSignificant({ spec }: Pod, { spec: old }: Pod): boolean {
  if (spec === old) return false
  const imagesOf = (pod: Pod['spec']) =>
    [...(pod.containers ?? []), ...(pod.initContainers ?? []), ...(pod.ephemeralContainers ?? [])]
      .map(({ name, image }) => `${name} ${image}`)
      .join()
  return imagesOf(spec) !== imagesOf(old)
}

function validateNamespace(
  namespace: KubeObject,
  { operation, name, old, warnings }: Attributes,
  view: AdmissionView,
): Refusal | undefined {
  const labels = namespace.metadata.labels ?? {}
  const oldLabels = old?.metadata.labels ?? {}
  const errors = labelErrors(labels)
  if (errors.length > 0 && (!old || JSON.stringify(errors) !== JSON.stringify(labelErrors(oldLabels)))) {
    return { refused: statuses.invalid(Namespaces, name, errors) }
  }
  if (operation !== 'UPDATE' || labels === oldLabels) return undefined
  const level = levelOf(labels, 'enforce')
  const isStricter = LEVELS.indexOf(level) > LEVELS.indexOf(levelOf(oldLabels, 'enforce'))
  const isOtherVersion = labels[`${PREFIX}enforce-version`] !== oldLabels[`${PREFIX}enforce-version`]
  if (level === 'privileged' || (!isStricter && !isOtherVersion)) return undefined
  warnings.push(...existingViolations(name, level, shownLevel(labels, 'enforce'), view))
  return undefined
}

const LEVELS: readonly Level[] = ['privileged', 'baseline', 'restricted']

function labelErrors(labels: Labels): FieldError[] {
  const errors: FieldError[] = []
  for (const mode of ['enforce', 'audit', 'warn']) {
    const level = labels[PREFIX + mode]
    if (level !== undefined && !LEVELS.includes(level as Level)) {
      const detail = `must be one of ${LEVELS.join(', ')}`
      errors.push(field.invalidValue(`metadata.labels[${PREFIX}${mode}]`, level, detail))
    }
    const version = labels[`${PREFIX}${mode}-version`]
    if (version !== undefined && version !== 'latest' && !/^v1\.\d+$/.test(version)) {
      const detail = 'must be "latest" or "v1.x"'
      errors.push(field.invalidValue(`metadata.labels[${PREFIX}${mode}-version]`, version, detail))
    }
  }
  return errors
}

/** What pods that are there already would be refused for, told by the first of each sort. */
function existingViolations(
  namespace: string,
  level: 'baseline' | 'restricted',
  shown: string,
  view: AdmissionView,
): string[] {
  const pods = view.list(Pods, namespace)
  const firstBySort = new Map<string, { readonly name: string; count: number }>()
  for (const pod of pods.slice(0, MOST_PODS)) {
    const found = violations(level, { annotations: pod.metadata.annotations ?? {}, spec: pod.spec })
    if (found.length === 0) continue
    const sort = found.map(({ reason }) => reason).join(', ')
    const known = firstBySort.get(sort)
    if (known) known.count++
    else firstBySort.set(sort, { name: pod.metadata.name, count: 1 })
  }
  const lines = [...firstBySort].map(([sort, { name, count }]) => {
    const others = count === 2 ? ' (and 1 other pod)' : count > 2 ? ` (and ${count - 1} other pods)` : ''
    return `${name}${others}: ${sort}`
  })
  const heads: string[] = []
  if (pods.length > MOST_PODS) {
    heads.push(
      `new PodSecurity enforce level only checked against the first ${MOST_PODS} of ${pods.length} existing pods`,
    )
  }
  if (lines.length > 0) {
    heads.push(
      `existing pods in namespace ${JSON.stringify(namespace)} violate the new PodSecurity enforce level ${JSON.stringify(shown)}`,
    )
  }
  return [...heads, ...lines.sort()]
}
