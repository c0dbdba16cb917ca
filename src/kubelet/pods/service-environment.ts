/** The variables that name Services to containers: mirrors `pkg/kubelet/envvars`. Computed once a namespace and change. */
import { type Service, Services } from '../../api/index.ts'
import type { CacheIndex, Informers } from '../../client/index.ts'

export type Variables = Readonly<Record<string, string>>

/** May be shared by all kubelets of a cluster, which then see changes at the same time. */
export interface ServiceVariables {
  /** Of the namespace's Services; only the API server's own with `isMasterOnly`. */
  of(namespace: string, isMasterOnly: boolean): Variables
}

const BY_NAMESPACE: CacheIndex<Service> = {
  kind: Services,
  name: 'namespace',
  values: service => [service.metadata.namespace ?? ''],
}

export function serviceVariables(informers: Informers): ServiceVariables {
  const informer = informers.of(Services)
  const known = new Map<string, Variables>()
  const forget = () => known.clear()
  informer.addIndex(BY_NAMESPACE)
  informer.addHandler({ added: forget, updated: forget, deleted: forget })
  return {
    of(namespace, isMasterOnly) {
      const key = isMasterOnly ? '' : namespace
      let variables = known.get(key)
      if (!variables) {
        const master = informer.get('default', 'kubernetes')
        const own = isMasterOnly ? [] : informer.list(BY_NAMESPACE, namespace)
        variables = fromServices(
          master && namespace !== 'default' ? [master, ...own] : isMasterOnly && master ? [master] : own,
        )
        known.set(key, variables)
      }
      return variables
    },
  }
}

/** `REDIS_MASTER_SERVICE_HOST` and the Docker-link variables of every Service that has an address. */
export function fromServices(services: readonly Service[]): Variables {
  const variables: Record<string, string> = {}
  for (const { metadata, spec } of services) {
    const ip = spec.clusterIP
    const ports = spec.ports ?? []
    if (!ip || ip === 'None' || ports.length === 0) continue
    const prefix = variableName(metadata.name)
    variables[`${prefix}_SERVICE_HOST`] = ip
    variables[`${prefix}_SERVICE_PORT`] = String(ports[0]!.port)
    for (const { name, port } of ports) {
      if (name) variables[`${prefix}_SERVICE_PORT_${variableName(name)}`] = String(port)
    }
    ports.forEach(({ port, protocol = 'TCP' }, i) => {
      const url = `${protocol.toLowerCase()}://${ip}:${port}`
      if (i === 0) variables[`${prefix}_PORT`] = url
      const link = `${prefix}_PORT_${port}_${protocol}`
      variables[link] = url
      variables[`${link}_PROTO`] = protocol.toLowerCase()
      variables[`${link}_PORT`] = String(port)
      variables[`${link}_ADDR`] = ip
    })
  }
  return Object.freeze(variables)
}

function variableName(name: string): string {
  return name.toUpperCase().replaceAll('-', '_')
}
