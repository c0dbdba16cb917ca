/**
 * The addresses and node ports that a Service holds. Mirrors pkg/registry/core/service/storage/alloc.go with one
 * IPv4 range: what a Service may hold is taken when a write is prepared, and given back when it did not happen.
 */
import type { ServicePort, ServiceSpec } from 'kubernetes-types/core/v1.js'
import type { Allocator, StrategyContext } from '../../define-kind.ts'
import { type FieldError, invalidValue } from '../../field-error.ts'
import { ApiError, internalError, invalid } from '../../status.ts'
import { goStrings, invalidShown } from '../shared/go-values.ts'
import { isHeadless } from './rules.ts'
import type { Service } from './types.ts'

const SERVICES = Object.freeze({ group: '', plural: 'services', kind: 'Service' })

/** The pools by name. */
const SERVICE_POOLS = Object.freeze({
  clusterIps: 'serviceClusterIPs',
  nodePorts: 'serviceNodePorts',
})

/** What a Service holds of both pools. */
interface Holdings {
  readonly clusterIps: readonly string[]
  readonly nodePorts: readonly string[]
}

const NOTHING: Holdings = Object.freeze({ clusterIps: [], nodePorts: [] })

function holdings(service: Service | undefined): Holdings {
  if (!service?.spec) return NOTHING
  const { spec } = service
  if (spec.type === 'ExternalName') return NOTHING
  const ports = (spec.ports ?? []).map(port => port.nodePort ?? 0)
  const nodePorts = [...ports, spec.healthCheckNodePort ?? 0].filter(Boolean).map(String)
  return {
    clusterIps: isHeadless(spec) || !spec.clusterIP ? [] : [spec.clusterIP],
    nodePorts: [...new Set(nodePorts)],
  }
}

/** Gives back what `dropped` holds and `kept` does not. */
export function release(
  dropped: Service | undefined,
  kept: Service | undefined,
  context: StrategyContext,
): void {
  const [before, after] = [holdings(dropped), holdings(kept)]
  const clusterIps = context.allocator(SERVICE_POOLS.clusterIps)
  const nodePorts = context.allocator(SERVICE_POOLS.nodePorts)
  for (const ip of before.clusterIps) if (!after.clusterIps.includes(ip)) clusterIps.release(ip)
  for (const port of before.nodePorts) if (!after.nodePorts.includes(port)) nodePorts.release(port)
}

/** The Service with all it needs; `old` keeps what it has. Throws ApiError and keeps nothing when it cannot be. */
export function allocate(service: Service, old: Service | undefined, context: StrategyContext): Service {
  const taken: { allocator: Allocator; value: string }[] = []
  const take: Take = (pool, wanted) => {
    const allocator = context.allocator(pool)
    const value = allocator.allocate(wanted)
    if (value !== undefined) taken.push({ allocator, value })
    return value
  }
  try {
    const spec = withNodePorts(withClusterIp(service.spec, old, take, context), old, take, context)
    return spec === service.spec ? service : { ...service, spec }
  } catch (refusal) {
    for (const { allocator, value } of taken) allocator.release(value)
    if (!(refusal instanceof Refusal)) throw refusal
    throw new ApiError(invalid(SERVICES, service.metadata.name, [refusal.error]))
  }
}

type Take = (pool: string, wanted: string | undefined) => string | undefined

/** One field cannot have what it asks for. */
class Refusal {
  readonly error: FieldError

  constructor(error: FieldError) {
    this.error = error
  }
}

function withClusterIp(
  spec: ServiceSpec,
  old: Service | undefined,
  take: Take,
  context: StrategyContext,
): ServiceSpec {
  if (spec.type === 'ExternalName') return spec
  const wanted = spec.clusterIP || spec.clusterIPs?.[0]
  if (wanted === 'None') return { ...spec, clusterIP: 'None', clusterIPs: ['None'] }
  if (wanted !== undefined && holdings(old).clusterIps.includes(wanted)) return spec
  const clusterIP = take(SERVICE_POOLS.clusterIps, wanted)
  if (clusterIP !== undefined) return { ...spec, clusterIP, clusterIPs: [clusterIP] }
  if (wanted === undefined) throw new ApiError(internalError('failed to allocate a serviceIP: range is full'))
  const allocator = context.allocator(SERVICE_POOLS.clusterIps)
  const why = allocator.contains(wanted)
    ? 'provided IP is already allocated'
    : `the provided IP (${wanted}) is not in the valid range. The range of valid IPs is ${allocator.range ?? ''}`
  const detail = `failed to allocate IP ${wanted}: ${why}`
  throw new Refusal(invalidShown('spec.clusterIPs', goStrings([wanted]), detail))
}

function withNodePorts(
  spec: ServiceSpec,
  old: Service | undefined,
  take: Take,
  context: StrategyContext,
): ServiceSpec {
  const needsPorts =
    spec.type === 'NodePort' || (spec.type === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts !== false)
  const held = new Set(holdings(old).nodePorts)
  // One number may serve two protocols of one Service.
  const byServicePort = new Map<number, number>()
  const ports = (spec.ports ?? []).map((port, index): ServicePort => {
    const nodePort = port.nodePort || (needsPorts ? byServicePort.get(port.port) : undefined)
    if (!nodePort && !needsPorts) return port
    let number = nodePort
    if (!number || !held.has(`${number}`)) {
      const value = take(SERVICE_POOLS.nodePorts, number ? `${number}` : undefined)
      if (value === undefined) throw nodePortRefusal(number, `spec.ports[${index}].nodePort`, context)
      number = Number(value)
      held.add(value)
    }
    byServicePort.set(port.port, number)
    return port.nodePort ? port : { ...port, nodePort: number }
  })
  const complete = ports.every((port, i) => port === spec.ports?.[i]) ? spec : { ...spec, ports }
  const needsHealthCheck = spec.type === 'LoadBalancer' && spec.externalTrafficPolicy === 'Local'
  const wanted = spec.healthCheckNodePort || undefined
  if (!needsHealthCheck || held.has(`${wanted}`)) return complete
  const value = take(SERVICE_POOLS.nodePorts, wanted ? `${wanted}` : undefined)
  if (value === undefined) throw nodePortRefusal(wanted, 'spec.healthCheckNodePort', context)
  return { ...complete, healthCheckNodePort: Number(value) }
}

function nodePortRefusal(
  wanted: number | undefined,
  path: string,
  context: StrategyContext,
): Refusal | ApiError {
  if (wanted === undefined) {
    return new ApiError(internalError('failed to allocate a nodePort: range is full'))
  }
  const allocator = context.allocator(SERVICE_POOLS.nodePorts)
  const why = allocator.contains(`${wanted}`)
    ? 'provided port is already allocated'
    : `provided port is not in the valid range. The range of valid ports is ${allocator.range ?? ''}`
  return new Refusal(invalidValue(path, wanted, why))
}
