/** How EndpointSlices are created and changed. Mirrors pkg/apis/discovery (defaults and validation). */
import type { Endpoint, EndpointPort } from 'kubernetes-types/discovery/v1.js'
import type { Strategy } from '../../define-kind.ts'
import { duplicate, type FieldError, required, tooMany } from '../../field-error.ts'
import { isDns1123Label, isDns1123Subdomain, isIp, validateImmutable } from '../../validation/index.ts'
import { changeField, fill, mapKept } from '../shared/fill.ts'
import { checkMetadata, checkMetadataUpdate } from '../shared/metadata.ts'
import { checkOneOf, checkPort, checkText, PROTOCOLS } from '../shared/rules.ts'
import type { EndpointSlice } from './types.ts'

const ADDRESS_TYPES = ['IPv4', 'IPv6', 'FQDN']
const MAXIMUM_ENDPOINTS = 1000
const MAXIMUM_ADDRESSES = 100
const MAXIMUM_PORTS = 20_000

export const endpointSliceStrategy: Strategy<EndpointSlice> = {
  defaults: slice =>
    changeField(fill(slice, { endpoints: [] }), 'ports', ports => mapKept(ports, defaultPort)),
  validate: slice => [
    ...checkMetadata(slice, isDns1123Subdomain),
    ...checkOneOf(slice.addressType, 'addressType', ADDRESS_TYPES),
    ...validateEndpoints(slice, undefined),
    ...validatePorts(slice.ports),
  ],
  validateUpdate: (next, old) => [
    ...checkMetadataUpdate(next, old),
    ...validateImmutable(next.addressType, old.addressType, 'addressType'),
    ...validateEndpoints(next, old),
    ...(next.ports === old.ports ? [] : validatePorts(next.ports)),
  ],
}

function defaultPort(port: EndpointPort): EndpointPort {
  if (port.name != null && port.protocol) return port
  return { ...port, name: port.name ?? '', protocol: port.protocol || 'TCP' }
}

/** Endpoints that the old slice had already are not looked at again: slices change by an endpoint or two. */
function validateEndpoints(slice: EndpointSlice, old: EndpointSlice | undefined): FieldError[] {
  if (slice.endpoints === old?.endpoints) return []
  if (slice.endpoints.length > MAXIMUM_ENDPOINTS) {
    return [tooMany('endpoints', slice.endpoints.length, MAXIMUM_ENDPOINTS)]
  }
  const known = new Set(old?.endpoints)
  const errors: FieldError[] = []
  slice.endpoints.forEach((endpoint, i) => {
    if (!known.has(endpoint)) errors.push(...validateEndpoint(endpoint, slice.addressType, `endpoints[${i}]`))
  })
  return errors
}

function validateEndpoint(endpoint: Endpoint, addressType: string, path: string): FieldError[] {
  const errors: FieldError[] = []
  const addresses = endpoint.addresses ?? []
  if (addresses.length === 0) errors.push(required(`${path}.addresses`, 'must contain at least 1 address'))
  if (addresses.length > MAXIMUM_ADDRESSES) {
    errors.push(tooMany(`${path}.addresses`, addresses.length, MAXIMUM_ADDRESSES))
  }
  const rule = addressType === 'FQDN' ? isDns1123Subdomain : isIp
  addresses.forEach((address, i) => {
    errors.push(...checkText(address, `${path}.addresses[${i}]`, rule))
  })
  if (endpoint.hostname) errors.push(...checkText(endpoint.hostname, `${path}.hostname`, isDns1123Label))
  if (endpoint.nodeName) errors.push(...checkText(endpoint.nodeName, `${path}.nodeName`, isDns1123Subdomain))
  return errors
}

function validatePorts(ports: readonly EndpointPort[] | undefined): FieldError[] {
  if (!ports) return []
  if (ports.length > MAXIMUM_PORTS) return [tooMany('ports', ports.length, MAXIMUM_PORTS)]
  const errors: FieldError[] = []
  const names = new Set<string>()
  ports.forEach((port, i) => {
    const path = `ports[${i}]`
    if (port.name) errors.push(...checkText(port.name, `${path}.name`, isDns1123Label))
    if (names.has(port.name ?? '')) errors.push(duplicate(`${path}.name`, port.name ?? ''))
    names.add(port.name ?? '')
    if (port.port != null) errors.push(...checkPort(port.port, `${path}.port`))
    errors.push(...checkOneOf(port.protocol, `${path}.protocol`, PROTOCOLS))
  })
  return errors
}
