/**
 * The order of groups and versions: groups by the priorities that kube-aggregator gives the built-in ones, custom
 * groups by name after them; versions as k8s.io/apimachinery's version helper has it (v2, v1, v1beta1, v1alpha1).
 */
import type { AnyKind } from './define-kind.ts'
import type { Scheme } from './scheme.ts'

const GROUPS = [
  '',
  'apiregistration.k8s.io',
  'apps',
  'events.k8s.io',
  'authentication.k8s.io',
  'authorization.k8s.io',
  'autoscaling',
  'batch',
  'certificates.k8s.io',
  'networking.k8s.io',
  'policy',
  'rbac.authorization.k8s.io',
  'storage.k8s.io',
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'scheduling.k8s.io',
  'coordination.k8s.io',
  'node.k8s.io',
  'discovery.k8s.io',
  'flowcontrol.apiserver.k8s.io',
]

/** Aggregated, with a lower priority than custom groups have. */
const LAST_GROUP = 'metrics.k8s.io'

/** A group's name and its versions, the preferred one first. */
export interface GroupVersions {
  readonly group: string
  readonly versions: readonly string[]
}

/** Every group of the scheme, the core group too (first, named ''). */
export function groupsOf(scheme: Scheme): GroupVersions[] {
  const groups = new Map<string, Set<string>>()
  for (const { group, version } of scheme.kinds) {
    const versions = groups.get(group)
    if (versions) versions.add(version)
    else groups.set(group, new Set([version]))
  }
  return [...groups]
    .map(([group, versions]) => ({ group, versions: [...versions].sort(compareVersions) }))
    .sort((a, b) => rankOf(a.group) - rankOf(b.group) || (a.group < b.group ? -1 : 1))
}

/** The kinds as clients list them: of those served in several versions of a group only the preferred one. */
export function preferredKinds(scheme: Scheme): AnyKind[] {
  const order = new Map(groupsOf(scheme).map(({ group, versions }) => [group, versions]))
  const isPreferred = (kind: AnyKind) =>
    order
      .get(kind.group)!
      .find(version => scheme.byResource(kind.group ? `${kind.group}/${version}` : version, kind.plural)) ===
    kind.version
  return scheme.kinds.filter(isPreferred)
}

function rankOf(group: string): number {
  if (group === LAST_GROUP) return GROUPS.length + 1
  const rank = GROUPS.indexOf(group)
  return rank < 0 ? GROUPS.length : rank
}

const KUBE_LIKE = /^v(\d+)(?:(alpha|beta)(\d+))?$/

/** Sorts versions from the most to the least preferred. */
export function compareVersions(a: string, b: string): number {
  const left = KUBE_LIKE.exec(a)
  const right = KUBE_LIKE.exec(b)
  if (!left || !right) return left ? -1 : right ? 1 : a < b ? -1 : a > b ? 1 : 0
  const stability = stabilityOf(right) - stabilityOf(left)
  return stability || Number(right[1]) - Number(left[1]) || Number(right[3] ?? 0) - Number(left[3] ?? 0)
}

function stabilityOf(match: RegExpExecArray): number {
  return match[2] === undefined ? 2 : match[2] === 'beta' ? 1 : 0
}
