/**
 * ConfigMaps and Secrets that pods of the node refer to: read when a pod needs them, and good for a minute.
 * Upstream watches each referenced object; that they are read again so rarely shows only when they change.
 */
import { type ConfigMap, ConfigMaps, type Pod, type Secret, Secrets } from '../../api/index.ts'
import { type ApiPort, type ApiResult, requestFor } from '../../client/index.ts'
import type { Scope } from '../../sim/index.ts'
import type { Credentials } from '../credentials.ts'
import type { Lookup } from './environment.ts'

export interface Reference {
  readonly kind: 'configmap' | 'secret'
  readonly name: string
  /** The volume that mounts it; undefined for environment. */
  readonly volume: string | undefined
  readonly isOptional: boolean
}

interface Entry {
  readonly object: ConfigMap | Secret | undefined
  readonly fetchedMs: number
}

const GOOD_FOR_MS = 60_000
/** The cluster's certificate, which every namespace has and every pod mounts: not read before somebody looks. */
const ROOT_CERTIFICATE = 'kube-root-ca.crt'

export class ObjectFetcher implements Lookup {
  readonly #scope: Scope
  readonly #api: ApiPort
  readonly #credentials: Credentials
  readonly #entries = new Map<string, Entry>()

  constructor(scope: Scope, api: ApiPort, credentials: Credentials) {
    this.#scope = scope
    this.#api = api
    this.#credentials = credentials
  }

  configMap(namespace: string, name: string): ConfigMap | undefined {
    if (name === ROOT_CERTIFICATE) return this.#credentials.rootCertificate(namespace)
    return this.#entries.get(`configmap/${namespace}/${name}`)?.object as ConfigMap | undefined
  }

  secret(namespace: string, name: string): Secret | undefined {
    return this.#entries.get(`secret/${namespace}/${name}`)?.object as Secret | undefined
  }

  /** Reads what is not fresh, then calls `done`; at once when there is nothing to read. */
  fetch(namespace: string, references: readonly Reference[], done: () => void): void {
    const { now } = this.#scope.sim
    const missing = references.filter(({ kind, name }) => {
      const entry = this.#entries.get(`${kind}/${namespace}/${name}`)
      return !entry?.object || now - entry.fetchedMs > GOOD_FOR_MS
    })
    if (missing.length === 0) {
      done()
      return
    }
    let left = missing.length
    for (const { kind, name } of missing) {
      const definition = kind === 'configmap' ? ConfigMaps : Secrets
      const request = requestFor('get', definition as typeof ConfigMaps, namespace, name)
      this.#api.request(request, (result: ApiResult<ConfigMap | Secret>) => {
        if (!this.#scope.isAlive) return
        const key = `${kind}/${namespace}/${name}`
        // An answer that never came leaves what was known.
        if (result.ok) this.#entries.set(key, { object: result.object, fetchedMs: this.#scope.sim.now })
        else if (result.code === 404) this.#entries.delete(key)
        if (--left === 0) done()
      })
    }
  }
}

/** Everything a pod's volumes and environments name. */
export function referencesOf(pod: Pod): Reference[] {
  const found: Reference[] = []
  const add = (
    kind: Reference['kind'],
    source: { name?: string; secretName?: string; optional?: boolean } | undefined,
    volume?: string,
  ) => {
    const name = source?.name ?? source?.secretName
    if (source && name && name !== ROOT_CERTIFICATE) {
      found.push({ kind, name, volume, isOptional: source.optional ?? false })
    }
  }
  for (const { name, configMap, secret, projected } of pod.spec.volumes ?? []) {
    add('configmap', configMap, name)
    add('secret', secret, name)
    for (const source of projected?.sources ?? []) {
      add('configmap', source.configMap, name)
      add('secret', source.secret, name)
    }
  }
  for (const container of [...(pod.spec.initContainers ?? []), ...pod.spec.containers]) {
    for (const { configMapRef, secretRef } of container.envFrom ?? []) {
      add('configmap', configMapRef)
      add('secret', secretRef)
    }
    for (const { valueFrom } of container.env ?? []) {
      add('configmap', valueFrom?.configMapKeyRef)
      add('secret', valueFrom?.secretKeyRef)
    }
  }
  return found
}
