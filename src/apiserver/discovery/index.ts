/**
 * What the API server says it has: `/api`, `/apis` and below, one document a group version as clients before 1.26 ask
 * for it, and the aggregated form that newer ones do. Pure functions over the scheme, so that a custom resource is
 * listed as soon as it is defined. Mirrors k8s.io/apiserver/pkg/endpoints/discovery.
 */
import { type AnyKind, groupsOf, type Scheme, verbsOf } from '../../api/index.ts'
import { sha256 } from '../../sim/index.ts'
import { type GroupVersionKind, subresourcesOf } from './subresources.ts'

export { type GroupVersionKind, groupVersion, type Subresource, subresourcesOf } from './subresources.ts'

interface VersionEntry {
  readonly groupVersion: string
  readonly version: string
}

/** `/apis/<group>`; inside an APIGroupList it goes without apiVersion and kind. */
export interface ApiGroup {
  readonly kind?: 'APIGroup'
  readonly apiVersion?: 'v1'
  readonly name: string
  readonly versions: readonly VersionEntry[]
  readonly preferredVersion: VersionEntry
}

/** One line of `kubectl api-resources`. */
export interface ApiResource {
  /** `pods`, `pods/log` */
  readonly name: string
  readonly singularName: string
  readonly namespaced: boolean
  /** Only where they differ from the document's. */
  readonly group?: string
  readonly version?: string
  readonly kind: string
  readonly verbs: readonly string[]
  readonly shortNames?: readonly string[]
  readonly categories?: readonly string[]
  readonly storageVersionHash?: string
}

export interface ApiResourceList {
  readonly kind: 'APIResourceList'
  readonly apiVersion: 'v1'
  readonly groupVersion: string
  readonly resources: readonly ApiResource[]
}

/** `/api`. `serverAddress` is the host and port that clients reach the server by. */
export function apiVersions(serverAddress: string): object {
  return {
    kind: 'APIVersions',
    versions: ['v1'],
    serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress }],
  }
}

/** `/apis` */
export function apiGroups(scheme: Scheme): object {
  const groups = groupsOf(scheme).filter(({ group }) => group !== '')
  return {
    kind: 'APIGroupList',
    apiVersion: 'v1',
    groups: groups.map(({ group, versions }) => groupEntry(group, versions)),
  }
}

/** `/apis/<group>`; undefined when there is none. */
export function apiGroup(scheme: Scheme, group: string): ApiGroup | undefined {
  const found = groupsOf(scheme).find(candidate => candidate.group === group)
  if (!found || group === '') return undefined
  return { kind: 'APIGroup', apiVersion: 'v1', ...groupEntry(group, found.versions) }
}

function groupEntry(group: string, versions: readonly string[]): ApiGroup {
  const entries = versions.map(version => ({ groupVersion: `${group}/${version}`, version }))
  return { name: group, versions: entries, preferredVersion: entries[0]! }
}

/** `/api/v1` and `/apis/<group>/<version>`; undefined when nothing is served there. */
export function apiResources(scheme: Scheme, groupVersion: string): ApiResourceList | undefined {
  const kinds = kindsOf(scheme, groupVersion)
  if (kinds.length === 0) return undefined
  const resources = kinds.flatMap(resourcesOf)
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources }
}

/** The kinds of a group version, by plural. */
function kindsOf(scheme: Scheme, apiVersion: string): AnyKind[] {
  return scheme.kinds
    .filter(kind => kind.apiVersion === apiVersion)
    .sort((a, b) => (a.plural < b.plural ? -1 : 1))
}

function resourcesOf(kind: AnyKind): ApiResource[] {
  const resources: ApiResource[] = [
    {
      name: kind.plural,
      singularName: kind.singular,
      namespaced: kind.isNamespaced,
      kind: kind.kind,
      verbs: verbsOf(kind),
      ...namesOf(kind),
      ...(isStored(kind) && { storageVersionHash: storageVersionHash(kind) }),
    },
  ]
  for (const { name, responseKind, verbs } of subresourcesOf(kind)) {
    const isOwn = responseKind.group === kind.group && responseKind.version === kind.version
    resources.push({
      name: `${kind.plural}/${name}`,
      singularName: '',
      namespaced: kind.isNamespaced,
      ...(isOwn ? {} : { group: responseKind.group, version: responseKind.version }),
      kind: responseKind.kind,
      verbs,
    })
  }
  return resources
}

function namesOf(kind: AnyKind): Pick<ApiResource, 'shortNames' | 'categories'> {
  return {
    ...(kind.shortNames.length > 0 && { shortNames: kind.shortNames }),
    ...(kind.categories.length > 0 && { categories: kind.categories }),
  }
}

function isStored(kind: AnyKind): boolean {
  return kind.verbs === undefined && !kind.isVirtual
}

/** How clients tell that two resources are one in storage: eight bytes of a hash of the stored kind. */
function storageVersionHash(kind: AnyKind): string {
  const { group, version, kind: name } = kind.storedAs?.kind ?? kind
  const digest = sha256(new TextEncoder().encode(`${group}/${version}/${name}`))
  return base64(digest.subarray(0, 8))
}

function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
}

/**
 * `/api` (`isCore`) and `/apis` for clients that accept
 * `application/json;g=apidiscovery.k8s.io;v=<version>;as=APIGroupDiscoveryList`.
 */
export function aggregatedDiscovery(scheme: Scheme, version: 'v2' | 'v2beta1', isCore: boolean): object {
  const groups = groupsOf(scheme).filter(({ group }) => (group === '') === isCore)
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: `apidiscovery.k8s.io/${version}`,
    metadata: {},
    items: groups.map(({ group, versions }) => ({
      metadata: { ...(group !== '' && { name: group }), creationTimestamp: null },
      versions: versions.map(name => ({
        version: name,
        resources: kindsOf(scheme, group === '' ? name : `${group}/${name}`).map(aggregatedResource),
        freshness: 'Current',
      })),
    })),
  }
}

function aggregatedResource(kind: AnyKind): object {
  const scope = kind.isNamespaced ? 'Namespaced' : 'Cluster'
  const subresources = subresourcesOf(kind).map(({ name, responseKind, verbs }) => ({
    subresource: name,
    responseKind: gvk(responseKind),
    verbs,
  }))
  return {
    resource: kind.plural,
    responseKind: gvk(kind),
    scope,
    singularResource: kind.singular,
    verbs: verbsOf(kind),
    ...namesOf(kind),
    ...(subresources.length > 0 && { subresources }),
  }
}

function gvk({ group, version, kind }: GroupVersionKind): GroupVersionKind {
  return { group, version, kind }
}
