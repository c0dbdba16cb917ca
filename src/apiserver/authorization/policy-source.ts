/**
 * The roles and bindings that RBAC decides by, found by whom they concern. Read from the server's own caches; an
 * index over the bindings of a namespace is made when first asked for and again after they changed.
 */
import {
  type AnyKind,
  type Binding,
  type ClusterRole,
  ClusterRoleBindings,
  ClusterRoles,
  type PolicyRule,
  type Role,
  RoleBindings,
  type RoleRef,
  Roles,
  type Subject,
} from '../../api/index.ts'
import type { UserInfo } from '../../client/index.ts'
import { accountUserName } from '../authentication/service-account-names.ts'
import type { WatchCache } from '../watch-cache.ts'

/** A binding and the subject in it that is meant. */
export interface Grant {
  readonly binding: Binding
  readonly subject: Subject
}

type Index = ReadonlyMap<string, readonly Grant[]>

export class PolicySource {
  readonly #cacheOf: (kind: AnyKind) => WatchCache | undefined
  /** By namespace, '' for the bindings of the cluster. */
  readonly #indexes = new Map<string, Index>()
  #roleBindings = -1
  #clusterRoleBindings = -1

  constructor(cacheOf: (kind: AnyKind) => WatchCache | undefined) {
    this.#cacheOf = cacheOf
  }

  /** Another number after every change of anything that decides. */
  get version(): number {
    return (
      this.#changes(Roles) +
      this.#changes(RoleBindings) +
      this.#changes(ClusterRoles) +
      this.#changes(ClusterRoleBindings)
    )
  }

  /** What concerns a user: the bindings of the cluster, or of one namespace, in order of name. */
  grantsOf({ name, groups }: UserInfo, namespace: string): readonly Grant[] {
    const index = this.#indexOf(namespace)
    const found = new Set<Grant>(index.get(`User/${name}`))
    for (const group of groups) for (const grant of index.get(`Group/${group}`) ?? []) found.add(grant)
    if (found.size < 2) return [...found]
    // One subject a binding, the first, and bindings as they are listed.
    const byName = new Map<string, Grant>()
    for (const grant of found) {
      const { binding, subject } = grant
      const known = byName.get(binding.metadata.name)
      const isEarlier = known && placeOf(binding, known.subject) <= placeOf(binding, subject)
      if (!isEarlier) byName.set(binding.metadata.name, grant)
    }
    return [...byName.values()].sort((a, b) => (a.binding.metadata.name < b.binding.metadata.name ? -1 : 1))
  }

  /** The rules of a role, or what is said of one that is not there. */
  rulesOf({ kind, name }: RoleRef, namespace: string): readonly PolicyRule[] | string {
    const isCluster = kind === 'ClusterRole'
    const cache = this.#cacheOf(isCluster ? ClusterRoles : Roles)
    const role = cache?.get(isCluster ? '' : namespace, name)?.object as ClusterRole | Role | undefined
    if (!role) return `${kind.toLowerCase()}.rbac.authorization.k8s.io ${JSON.stringify(name)} not found`
    return role.rules ?? []
  }

  #changes(kind: AnyKind): number {
    return this.#cacheOf(kind)?.changes ?? 0
  }

  #indexOf(namespace: string): Index {
    const [roleBindings, clusterRoleBindings] = [
      this.#changes(RoleBindings),
      this.#changes(ClusterRoleBindings),
    ]
    if (clusterRoleBindings !== this.#clusterRoleBindings) this.#indexes.delete('')
    if (roleBindings !== this.#roleBindings) {
      const ofCluster = this.#indexes.get('')
      this.#indexes.clear()
      if (ofCluster) this.#indexes.set('', ofCluster)
    }
    this.#roleBindings = roleBindings
    this.#clusterRoleBindings = clusterRoleBindings
    let index = this.#indexes.get(namespace)
    if (!index) {
      const cache = this.#cacheOf(namespace === '' ? ClusterRoleBindings : RoleBindings)
      index = indexOf(cache?.list(namespace).map(({ object }) => object as Binding) ?? [])
      this.#indexes.set(namespace, index)
    }
    return index
  }
}

function indexOf(bindings: readonly Binding[]): Index {
  const index = new Map<string, Grant[]>()
  for (const binding of bindings) {
    for (const subject of binding.subjects ?? []) {
      const key = keyOf(subject, binding.metadata.namespace ?? '')
      const grants = index.get(key)
      if (grants) grants.push({ binding, subject })
      else index.set(key, [{ binding, subject }])
    }
  }
  return index
}

/** A service account is meant by its user name. */
function keyOf({ kind, name, namespace }: Subject, home: string): string {
  return kind === 'ServiceAccount' ? `User/${accountUserName(namespace || home, name)}` : `${kind}/${name}`
}

function placeOf(binding: Binding, subject: Subject): number {
  return binding.subjects?.indexOf(subject) ?? 0
}
