/**
 * `/healthz`, `/livez` and `/readyz`, with `?verbose`, `?exclude=` and single checks. Mirrors `healthz` of
 * k8s.io/apiserver; the checks that are about parts which are not modelled always pass.
 */

import type { Cluster } from '../cluster/index.ts'
import type { Exchange } from './exchange.ts'

/** In upstream's order. */
const CHECKS = [
  'ping',
  'log',
  'etcd',
  'poststarthook/start-apiserver-admission-initializer',
  'poststarthook/generic-apiserver-start-informers',
  'poststarthook/priority-and-fairness-config-consumer',
  'poststarthook/priority-and-fairness-filter',
  'poststarthook/storage-object-count-tracker-hook',
  'poststarthook/start-apiextensions-informers',
  'poststarthook/start-apiextensions-controllers',
  'poststarthook/crd-informer-synced',
  'poststarthook/start-system-namespaces-controller',
  'poststarthook/rbac/bootstrap-roles',
  'poststarthook/scheduling/bootstrap-system-priority-classes',
  'poststarthook/priority-and-fairness-config-producer',
  'poststarthook/bootstrap-controller',
  'poststarthook/apiservice-registration-controller',
  'poststarthook/apiservice-status-available-controller',
  'poststarthook/apiservice-discovery-controller',
  'autoregister-completion',
  'poststarthook/apiservice-openapi-controller',
  'poststarthook/apiservice-openapiv3-controller',
] as const

/** Checks that only readiness has. */
const READY_CHECKS = ['etcd-readiness', 'informer-sync', 'shutdown'] as const

/** Answers `/readyz`, `/readyz/etcd` and so on. */
export function serveHealth(exchange: Exchange, path: string, cluster: Cluster): void {
  const [, endpoint = '', ...rest] = path.split('/')
  const single = rest.join('/')
  const names: string[] = [...CHECKS]
  if (endpoint === 'readyz') names.splice(3, 0, ...READY_CHECKS)
  if (single !== '' && !names.includes(single)) {
    exchange.notFound()
    return
  }
  const excluded = new Set(exchange.query.getAll('exclude'))
  const lines: string[] = []
  let isHealthy = true
  for (const name of single === '' ? names : [single]) {
    if (excluded.delete(name)) lines.push(`[+]${name} excluded: ok`)
    else if (passes(name, cluster)) lines.push(`[+]${name} ok`)
    else {
      isHealthy = false
      lines.push(`[-]${name} failed: reason withheld`)
    }
  }
  for (const name of excluded) {
    lines.push(`warn: some health checks cannot be excluded: no matches for ${JSON.stringify(name)}`)
  }
  const type = 'text/plain; charset=utf-8'
  if (!isHealthy) exchange.write(500, type, `${lines.join('\n')}\n${endpoint} check failed\n`)
  else if (!exchange.query.has('verbose')) exchange.write(200, type, 'ok')
  else exchange.write(200, type, `${lines.join('\n')}\n${endpoint} check passed\n`)
}

function passes(name: string, { world }: Cluster): boolean {
  const { etcd, isReady } = world.controlPlane
  if (name === 'etcd' || name === 'etcd-readiness') return etcd.isUp
  return name === 'informer-sync' ? isReady : true
}
