/**
 * A container's environment and its expanded command line: mirrors `makeEnvironmentVariables` and
 * `third_party/forked/golang/expansion`.
 */
import type {
  Container,
  EnvVar,
  ObjectFieldSelector,
  ResourceFieldSelector,
} from 'kubernetes-types/core/v1.js'
import { bytes, type ConfigMap, decodeBase64, milliCpu, type Pod, type Secret } from '../../api/index.ts'
import type { Variables } from './service-environment.ts'

/** ConfigMaps and Secrets as the kubelet has them; undefined when there is none of that name. */
export interface Lookup {
  configMap(namespace: string, name: string): ConfigMap | undefined
  secret(namespace: string, name: string): Secret | undefined
}

export interface EnvironmentInput {
  readonly pod: Pod
  readonly container: Container
  readonly services: Variables
  readonly lookup: Lookup
  readonly hostname: string
  readonly hostIp: string
  readonly podIps: readonly string[]
  /** What stands for limits that are not set. */
  readonly node: { readonly cpuMilli: number; readonly memoryBytes: number }
}

/** `message` is that of CreateContainerConfigError. */
export type EnvironmentResult =
  | { readonly ok: true; readonly value: Record<string, string> }
  | { readonly ok: false; readonly message: string }

export function makeEnvironment(input: EnvironmentInput): EnvironmentResult {
  const { container, services, hostname } = input
  const environment: Record<string, string> = { PATH: PATH_VALUE, HOSTNAME: hostname, ...services }
  for (const { prefix = '', configMapRef, secretRef } of container.envFrom ?? []) {
    const source = configMapRef ?? secretRef
    if (!source) continue
    const data = dataOf(input, configMapRef ? 'configmap' : 'secret', source.name ?? '')
    if (!data && !source.optional) {
      return { ok: false, message: `${configMapRef ? 'configmap' : 'secret'} "${source.name}" not found` }
    }
    for (const [key, value] of Object.entries(data ?? {})) environment[prefix + key] = value
  }
  for (const variable of container.env ?? []) {
    const result = variableValue(input, variable, environment)
    if (!result.ok) return result
    if (result.value !== undefined) environment[variable.name] = result.value
  }
  return { ok: true, value: environment }
}

const PATH_VALUE = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

type Value =
  | { readonly ok: true; readonly value: string | undefined }
  | { readonly ok: false; readonly message: string }

function variableValue(input: EnvironmentInput, variable: EnvVar, environment: Variables): Value {
  const source = variable.valueFrom
  if (!source) return { ok: true, value: expand(variable.value ?? '', environment) }
  if (source.fieldRef) return { ok: true, value: fieldValue(input, source.fieldRef) }
  if (source.resourceFieldRef) return { ok: true, value: resourceText(input, source.resourceFieldRef) }
  const reference = source.configMapKeyRef ?? source.secretKeyRef
  if (!reference) return { ok: true, value: undefined }
  const isSecret = source.secretKeyRef !== undefined
  const { name = '', key, optional } = reference
  const data = dataOf(input, isSecret ? 'secret' : 'configmap', name)
  if (!data) {
    if (optional) return { ok: true, value: undefined }
    return { ok: false, message: `${isSecret ? 'secret' : 'configmap'} "${name}" not found` }
  }
  if (data[key] !== undefined || optional) return { ok: true, value: data[key] }
  const where = `${input.pod.metadata.namespace}/${name}`
  return { ok: false, message: `couldn't find key ${key} in ${isSecret ? 'Secret' : 'ConfigMap'} ${where}` }
}

function dataOf(
  { pod, lookup }: EnvironmentInput,
  kind: 'configmap' | 'secret',
  name: string,
): Readonly<Record<string, string>> | undefined {
  const namespace = pod.metadata.namespace ?? ''
  return kind === 'configmap'
    ? configMapData(lookup.configMap(namespace, name))
    : secretData(lookup.secret(namespace, name))
}

export function configMapData(object: ConfigMap | undefined): Readonly<Record<string, string>> | undefined {
  return object && (object.data ?? {})
}

/** Decoded. */
export function secretData(object: Secret | undefined): Readonly<Record<string, string>> | undefined {
  if (!object) return undefined
  return Object.fromEntries(
    Object.entries(object.data ?? {}).map(([key, value]) => [key, decodeBase64(value)]),
  )
}

function fieldValue(input: EnvironmentInput, { fieldPath }: ObjectFieldSelector): string {
  return fieldText(input, fieldPath)
}

/** A field of a pod as the downward API shows it; whole maps a line an entry. */
export function fieldText(
  { pod, podIps, hostIp }: Pick<EnvironmentInput, 'pod' | 'podIps' | 'hostIp'>,
  fieldPath: string,
): string {
  const { metadata, spec } = pod
  switch (fieldPath) {
    case 'metadata.name':
      return metadata.name
    case 'metadata.namespace':
      return metadata.namespace ?? ''
    case 'metadata.uid':
      return metadata.uid
    case 'spec.nodeName':
      return spec.nodeName ?? ''
    case 'spec.serviceAccountName':
      return spec.serviceAccountName ?? ''
    case 'status.hostIP':
    case 'status.hostIPs':
      return hostIp
    case 'status.podIP':
      return podIps[0] ?? ''
    case 'status.podIPs':
      return podIps.join(',')
    case 'metadata.labels':
      return entriesText(metadata.labels)
    case 'metadata.annotations':
      return entriesText(metadata.annotations)
  }
  const match = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(fieldPath)
  return match ? (metadata[match[1] as 'labels' | 'annotations']?.[match[2]!] ?? '') : ''
}

function entriesText(map: Readonly<Record<string, string>> | undefined): string {
  const entries = Object.entries(map ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))
  return entries.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join('\n')
}

/** A request or limit as the downward API shows it. */
export function resourceText(
  { container, pod, node }: EnvironmentInput,
  selector: ResourceFieldSelector,
): string {
  const all = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])]
  const { resources } = all.find(({ name }) => name === selector.containerName) ?? container
  const [list = '', name = ''] = selector.resource.split('.')
  const quantity = resources?.[list as 'limits' | 'requests']?.[name]
  const isLimit = list === 'limits'
  if (name === 'cpu') {
    const divisor = Math.max(
      1,
      milliCpu(selector.divisor && selector.divisor !== '0' ? selector.divisor : '1'),
    )
    const amount = quantity === undefined ? (isLimit ? node.cpuMilli : 0) : milliCpu(quantity)
    return String(Math.ceil(amount / divisor))
  }
  const divisor = Math.max(1, bytes(selector.divisor && selector.divisor !== '0' ? selector.divisor : '1'))
  const amount =
    quantity === undefined ? (isLimit && name === 'memory' ? node.memoryBytes : 0) : bytes(quantity)
  return String(Math.ceil(amount / divisor))
}

/** `$(NAME)` where NAME is known; `$$(NAME)` stands for itself. */
export function expand(text: string, environment: Variables): string {
  if (!text.includes('$')) return text
  return text.replace(/\$\$|\$\(([^()]+)\)/g, (whole, name: string | undefined) => {
    if (name === undefined) return '$'
    return environment[name] ?? whole
  })
}
