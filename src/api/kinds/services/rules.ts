/** What a Service must be like. Mirrors `ValidateService` of pkg/apis/core/validation, for one IPv4 family. */
import type { ServicePort, ServiceSpec } from 'kubernetes-types/core/v1.js'
import {
  duplicate,
  type FieldError,
  fieldForbidden,
  invalidValue,
  notSupported,
  required,
} from '../../field-error.ts'
import {
  isDns1035Label,
  isDns1123Label,
  isDns1123Subdomain,
  isInRange,
  isIp,
  validateLabels,
} from '../../validation/index.ts'
import { checkMetadata, checkMetadataUpdate } from '../shared/metadata.ts'
import { checkOneOf, checkPort, checkPortReference, checkText, PROTOCOLS } from '../shared/rules.ts'
import type { Service } from './types.ts'

const TYPES = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort']
const POLICIES = ['Cluster', 'Local']
const DAY_SECONDS = 86_400

export function validateService(service: Service): FieldError[] {
  return [...checkMetadata(service, isDns1035Label), ...validateSpec(service.spec ?? {})]
}

export function validateServiceUpdate(next: Service, old: Service): FieldError[] {
  const errors = checkMetadataUpdate(next, old)
  if (next.spec === old.spec) return errors
  // An address stays what it is, unless the Service had none or gives it up for a name.
  const hadAddress = old.spec.type !== 'ExternalName' && !!old.spec.clusterIP
  if (hadAddress && next.spec.type !== 'ExternalName' && next.spec.clusterIP !== old.spec.clusterIP) {
    const shown = next.spec.clusterIPs ?? (next.spec.clusterIP ? [next.spec.clusterIP] : undefined)
    const value = shown ? `[]string{${shown.map(ip => JSON.stringify(ip)).join(', ')}}` : '[]string(nil)'
    errors.push({
      reason: 'FieldValueInvalid',
      field: 'spec.clusterIPs[0]',
      message: `Invalid value: ${value}: may not change once set`,
    })
  }
  return [...errors, ...validateSpec(next.spec)]
}

/** Whether the Service has no address of its own on purpose. */
export function isHeadless(spec: ServiceSpec): boolean {
  return spec.clusterIP === 'None' || spec.clusterIPs?.[0] === 'None'
}

function validateSpec(spec: ServiceSpec): FieldError[] {
  const errors: FieldError[] = []
  const { type } = spec
  if (type === 'LoadBalancer' && isHeadless(spec)) {
    errors.push(
      invalidValue('spec.clusterIPs[0]', 'None', "may not be set to 'None' for LoadBalancer services"),
    )
  }
  if (type === 'NodePort' && isHeadless(spec)) {
    errors.push(invalidValue('spec.clusterIPs[0]', 'None', "may not be set to 'None' for NodePort services"))
  }
  if (type === 'ExternalName') errors.push(...validateExternalName(spec))
  errors.push(...validatePorts(spec))
  errors.push(...validateLabels(spec.selector, 'spec.selector'))
  errors.push(...validateAffinity(spec))
  errors.push(...validateAddresses(spec))
  errors.push(...checkOneOf(type, 'spec.type', TYPES))
  errors.push(...validatePolicies(spec))
  return errors
}

function validateExternalName(spec: ServiceSpec): FieldError[] {
  const errors: FieldError[] = []
  if (spec.clusterIP) {
    errors.push(fieldForbidden('spec.clusterIPs', 'may not be set for ExternalName services'))
  }
  const path = 'spec.externalName'
  const name = (spec.externalName ?? '').replace(/\.$/, '')
  if (name) errors.push(...checkText(name, path, isDns1123Subdomain))
  else errors.push(required(path))
  return errors
}

function validatePorts(spec: ServiceSpec): FieldError[] {
  const ports = spec.ports ?? []
  const errors: FieldError[] = []
  if (ports.length === 0 && !isHeadless(spec) && spec.type !== 'ExternalName') {
    errors.push(required('spec.ports'))
  }
  const names = new Set<string>()
  const numbers = new Set<string>()
  const nodePorts = new Set<string>()
  ports.forEach((port, index) => {
    const path = `spec.ports[${index}]`
    errors.push(...validatePort(port, path, ports.length > 1, names))
    const mayHaveNodePort = spec.type === 'NodePort' || spec.type === 'LoadBalancer'
    if (port.nodePort && !mayHaveNodePort) {
      errors.push(fieldForbidden(`${path}.nodePort`, `may not be used when \`type\` is '${spec.type}'`))
    }
    const number = `${port.protocol}/${port.port}`
    if (numbers.has(number)) errors.push(duplicatePort(path, port))
    numbers.add(number)
    const nodePort = `${port.protocol}/${port.nodePort}`
    if (port.nodePort && nodePorts.has(nodePort)) errors.push(duplicate(`${path}.nodePort`, port.nodePort))
    nodePorts.add(nodePort)
  })
  return errors
}

/** Upstream shows the port's key as a Go struct. */
function duplicatePort(path: string, { protocol, port }: ServicePort): FieldError {
  const struct = `core.ServicePort{Name:"", Protocol:${JSON.stringify(protocol)}, AppProtocol:(*string)(nil), Port:${port}, TargetPort:intstr.IntOrString{Type:0, IntVal:0, StrVal:""}, NodePort:0}`
  return { reason: 'FieldValueDuplicate', field: path, message: `Duplicate value: ${struct}` }
}

function validatePort(port: ServicePort, path: string, needsName: boolean, names: Set<string>): FieldError[] {
  const errors: FieldError[] = []
  if (needsName && !port.name) errors.push(required(`${path}.name`))
  else if (port.name) {
    errors.push(...checkText(port.name, `${path}.name`, isDns1123Label))
    if (names.has(port.name)) errors.push(duplicate(`${path}.name`, port.name))
    names.add(port.name)
  }
  errors.push(...checkPort(port.port ?? 0, `${path}.port`))
  errors.push(...checkOneOf(port.protocol, `${path}.protocol`, PROTOCOLS))
  errors.push(...checkPortReference(port.targetPort, `${path}.targetPort`))
  return errors
}

function validateAffinity(spec: ServiceSpec): FieldError[] {
  const errors = checkOneOf(spec.sessionAffinity, 'spec.sessionAffinity', ['ClientIP', 'None'])
  if (spec.sessionAffinity !== 'ClientIP') return errors
  const path = 'spec.sessionAffinityConfig.clientIP.timeoutSeconds'
  const seconds = spec.sessionAffinityConfig?.clientIP?.timeoutSeconds
  if (seconds === undefined) errors.push(required(path))
  else if (isInRange(seconds, 1, DAY_SECONDS).length > 0) {
    errors.push(invalidValue(path, seconds, `must be greater than 0 and less than ${DAY_SECONDS}`))
  }
  return errors
}

function validateAddresses(spec: ServiceSpec): FieldError[] {
  const errors: FieldError[] = []
  if (spec.type !== 'ExternalName') {
    const first = spec.clusterIPs?.[0]
    if (first !== undefined && spec.clusterIP && first !== spec.clusterIP) {
      errors.push(invalidValue('spec.clusterIPs', spec.clusterIPs, 'first value must match `clusterIP`'))
    }
    const address = spec.clusterIP
    if (address && address !== 'None') errors.push(...checkText(address, 'spec.clusterIPs[0]', isIp))
  }
  spec.externalIPs?.forEach((address, i) => {
    errors.push(...checkText(address, `spec.externalIPs[${i}]`, isIp))
  })
  return errors
}

function validatePolicies(spec: ServiceSpec): FieldError[] {
  const errors: FieldError[] = []
  const { type, externalTrafficPolicy, internalTrafficPolicy } = spec
  const isExternal =
    type === 'NodePort' || type === 'LoadBalancer' || (type === 'ClusterIP' && !!spec.externalIPs?.length)
  if (externalTrafficPolicy && !isExternal) {
    const detail = 'may only be set for externally-accessible services'
    errors.push(invalidValue('spec.externalTrafficPolicy', externalTrafficPolicy, detail))
  } else if (externalTrafficPolicy && !POLICIES.includes(externalTrafficPolicy)) {
    errors.push(notSupported('spec.externalTrafficPolicy', externalTrafficPolicy, POLICIES))
  }
  if (internalTrafficPolicy && !POLICIES.includes(internalTrafficPolicy)) {
    errors.push(notSupported('spec.internalTrafficPolicy', internalTrafficPolicy, POLICIES))
  }
  if (spec.trafficDistribution && spec.trafficDistribution !== 'PreferClose') {
    errors.push(notSupported('spec.trafficDistribution', spec.trafficDistribution, ['PreferClose']))
  }
  return errors
}
