/**
 * The subresources that discovery lists: `status` and `scale` of every kind that has them, and those that are streams,
 * proxies or answers of a type of their own, which a kind's definition does not describe. Mirrors the storage maps of
 * k8s.io/kubernetes/pkg/registry.
 */
import type { AnyKind } from '../../api/index.ts'

/** Group, version and kind of what a resource takes and answers. */
export interface GroupVersionKind {
  readonly group: string
  readonly version: string
  readonly kind: string
}

/** One subresource, as discovery tells of it. */
export interface Subresource {
  /** `status`, `exec` */
  readonly name: string
  readonly responseKind: GroupVersionKind
  readonly verbs: readonly string[]
}

const CONNECT = ['create', 'get']
const CHANGE = ['get', 'patch', 'update']
const PROXY = ['create', 'delete', 'get', 'patch', 'update']

/** By resource: subresource to its verbs, and its kind where that is not the resource's own. */
const SPECIAL: Readonly<
  Record<string, Readonly<Record<string, readonly [readonly string[], string?, string?]>>>
> = {
  'v1/pods': {
    attach: [CONNECT, 'PodAttachOptions'],
    binding: [['create'], 'Binding'],
    ephemeralcontainers: [CHANGE],
    eviction: [['create'], 'Eviction', 'policy/v1'],
    exec: [CONNECT, 'PodExecOptions'],
    log: [['get']],
    portforward: [CONNECT, 'PodPortForwardOptions'],
    proxy: [PROXY, 'PodProxyOptions'],
    resize: [CHANGE],
  },
  'v1/services': { proxy: [PROXY, 'ServiceProxyOptions'] },
  'v1/nodes': { proxy: [PROXY, 'NodeProxyOptions'] },
  'v1/namespaces': { finalize: [['update']] },
  'v1/serviceaccounts': { token: [['create'], 'TokenRequest', 'authentication.k8s.io/v1'] },
  'certificates.k8s.io/v1/certificatesigningrequests': { approval: [CHANGE] },
}

/** Every subresource of a kind, by name. */
export function subresourcesOf(kind: AnyKind): Subresource[] {
  const found: Subresource[] = []
  const own = { group: kind.group, version: kind.version, kind: kind.kind }
  if (kind.hasStatus) found.push({ name: 'status', responseKind: own, verbs: CHANGE })
  if (kind.scale) {
    const responseKind = { group: 'autoscaling', version: 'v1', kind: 'Scale' }
    found.push({ name: 'scale', responseKind, verbs: CHANGE })
  }
  const special = SPECIAL[`${kind.apiVersion}/${kind.plural}`] ?? {}
  for (const [name, [verbs, type, apiVersion]] of Object.entries(special)) {
    const responseKind = type === undefined ? own : { ...groupVersion(apiVersion ?? 'v1'), kind: type }
    found.push({ name, responseKind, verbs })
  }
  for (const [name, { verb, body }] of Object.entries(kind.actions ?? {})) {
    if (!special[name]) found.push({ name, responseKind: body ?? own, verbs: [verb] })
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** `apps/v1` in its parts. */
export function groupVersion(apiVersion: string): { group: string; version: string } {
  const slash = apiVersion.indexOf('/')
  return { group: apiVersion.slice(0, Math.max(slash, 0)), version: apiVersion.slice(slash + 1) }
}
