/** What an Ingress must be like. Mirrors pkg/apis/networking/validation. */
import type {
  HTTPIngressPath,
  IngressBackend,
  IngressRule,
  IngressSpec,
} from 'kubernetes-types/networking/v1.js'
import { type FieldError, invalidValue, required } from '../../field-error.ts'
import {
  isDns1035Label,
  isDns1123Subdomain,
  isIp,
  isPortName,
  isPortNumber,
  isWildcardDns1123Subdomain,
} from '../../validation/index.ts'
import { invalidShown } from '../shared/go-values.ts'
import { checkMetadata } from '../shared/metadata.ts'
import { checkName, checkOneOf, checkText } from '../shared/rules.ts'
import type { Ingress } from './types.ts'

export const CLASS_ANNOTATION = 'kubernetes.io/ingress.class'

const PATH_TYPES = ['Exact', 'ImplementationSpecific', 'Prefix']
const BAD_SEQUENCES = ['//', '/./', '/../', '%2f', '%2F']
const BAD_ENDINGS = ['/..', '/.']

export function validateIngress(ingress: Ingress): FieldError[] {
  const errors = checkMetadata(ingress, isDns1123Subdomain)
  const annotation = ingress.metadata.annotations?.[CLASS_ANNOTATION]
  if (annotation !== undefined && ingress.spec?.ingressClassName !== undefined) {
    const path = `metadata.annotations.${CLASS_ANNOTATION}`
    errors.push(invalidValue(path, annotation, 'can not be set when the class field is also set'))
  }
  return [...errors, ...validateIngressSpec(ingress.spec ?? {}, 'spec')]
}

export function validateIngressSpec(spec: IngressSpec, path: string): FieldError[] {
  const errors: FieldError[] = []
  if (!spec.rules?.length && !spec.defaultBackend) {
    const detail = 'either `defaultBackend` or `rules` must be specified'
    errors.push(invalidShown(path, '[]networking.IngressRule(nil)', detail))
  }
  if (spec.defaultBackend) errors.push(...validateBackend(spec.defaultBackend, `${path}.defaultBackend`))
  spec.rules?.forEach((rule, i) => {
    errors.push(...validateRule(rule, `${path}.rules[${i}]`))
  })
  spec.tls?.forEach(({ hosts, secretName }, i) => {
    const tlsPath = `${path}.tls[${i}]`
    hosts?.forEach((host, h) => {
      errors.push(...checkText(host, `${tlsPath}.hosts[${h}]`, hostRule(host)))
    })
    if (secretName) errors.push(...checkText(secretName, `${tlsPath}.secretName`, isDns1123Subdomain))
  })
  if (spec.ingressClassName !== undefined) {
    errors.push(...checkText(spec.ingressClassName, `${path}.ingressClassName`, isDns1123Subdomain))
  }
  return errors
}

export function validateIngressStatus({ status }: Ingress): FieldError[] {
  const errors: FieldError[] = []
  status.loadBalancer?.ingress?.forEach(({ ip, hostname }, i) => {
    const path = `status.loadBalancer.ingress[${i}]`
    if (ip) errors.push(...checkText(ip, `${path}.ip`, isIp))
    if (!hostname) return
    errors.push(...checkText(hostname, `${path}.hostname`, isDns1123Subdomain))
    if (isIp(hostname).length === 0) {
      errors.push(invalidValue(`${path}.hostname`, hostname, 'must be a DNS name, not an IP address'))
    }
  })
  return errors
}

function hostRule(host: string) {
  return host.includes('*') ? isWildcardDns1123Subdomain : isDns1123Subdomain
}

function validateRule({ host, http }: IngressRule, path: string): FieldError[] {
  const errors: FieldError[] = []
  if (host) {
    if (isIp(host).length === 0) {
      errors.push(invalidValue(`${path}.host`, host, 'must be a DNS name, not an IP address'))
    }
    errors.push(...checkText(host, `${path}.host`, hostRule(host)))
  }
  if (!http) return errors
  if (!http.paths?.length) errors.push(required(`${path}.http.paths`))
  http.paths?.forEach((one, i) => {
    errors.push(...validatePath(one, `${path}.http.paths[${i}]`))
  })
  return errors
}

function validatePath({ path: text = '', pathType, backend }: HTTPIngressPath, path: string): FieldError[] {
  if (!pathType) return [required(`${path}.pathType`, 'pathType must be specified')]
  const errors = checkOneOf(pathType, `${path}.pathType`, PATH_TYPES)
  const fail = (detail: string) => errors.push(invalidValue(`${path}.path`, text, detail))
  const mayBeAbsent = pathType === 'ImplementationSpecific'
  if (PATH_TYPES.includes(pathType) && !text.startsWith('/') && !(mayBeAbsent && text === '')) {
    fail('must be an absolute path')
  }
  if (pathType === 'Exact' || pathType === 'Prefix') {
    for (const bad of BAD_SEQUENCES) if (text.includes(bad)) fail(`must not contain '${bad}'`)
    for (const bad of BAD_ENDINGS) if (text.endsWith(bad)) fail(`cannot end with '${bad}'`)
  }
  return [...errors, ...validateBackend(backend ?? {}, `${path}.backend`)]
}

function validateBackend({ service, resource }: IngressBackend, path: string): FieldError[] {
  if (service && resource) return [invalidValue(path, '', 'cannot set both resource and service backends')]
  if (resource) {
    return [
      ...(resource.kind ? [] : [required(`${path}.resource.kind`, 'kind is required')]),
      ...(resource.name ? [] : [required(`${path}.resource.name`, 'name is required')]),
    ]
  }
  if (!service) return [invalidValue(path, '', 'resource or service backend is required')]
  const errors = checkName(service.name, `${path}.service.name`, isDns1035Label)
  const { name, number } = service.port ?? {}
  if (name && number) errors.push(invalidValue(path, '', 'cannot set both port name & port number'))
  else if (name) errors.push(...checkText(name, `${path}.service.port.name`, isPortName))
  else if (number) {
    const numberPath = `${path}.service.port.number`
    errors.push(...isPortNumber(number).map(text => invalidValue(numberPath, number, text)))
  } else errors.push(required(path, 'port name or number is required'))
  return errors
}
