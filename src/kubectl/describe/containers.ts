/** Containers of a pod or of a template. Mirrors describeContainers of k8s.io/kubectl/pkg/describe. */
import type { Container, ContainerState, ContainerStatus, EnvVar, Probe } from 'kubernetes-types/core/v1.js'
import { bytes, formatMilliCpu, milliCpu } from '../../api/index.ts'
import { capitalised, compare, goList, longTime } from './parts.ts'
import type { DescriptionWriter } from './writer.ts'

/** `indent` is two spaces inside a pod template, '' in a pod. */
export function writeContainers(
  w: DescriptionWriter,
  heading: string,
  containers: readonly Container[],
  statuses: readonly ContainerStatus[] | undefined,
  indent: '' | '  ',
): void {
  w.line(0, `${indent}${heading}:${containers.length === 0 ? ' <none>' : ''}`)
  for (const container of containers) {
    const status = statuses?.find(({ name }) => name === container.name)
    w.line(1, `${indent === '' ? '' : ' '}${container.name}:`)
    writeBasics(w, container, status)
    writeCommand(w, 'Command', container.command)
    writeCommand(w, 'Args', container.args)
    if (status) writeStatus(w, status)
    writeResources(w, 2, container.resources)
    if (container.livenessProbe) w.field(2, 'Liveness', formatProbe(container.livenessProbe))
    if (container.readinessProbe) w.field(2, 'Readiness', formatProbe(container.readinessProbe))
    if (container.startupProbe) w.field(2, 'Startup', formatProbe(container.startupProbe))
    writeEnvironment(w, container)
    writeMounts(w, container)
  }
}

function writeBasics(w: DescriptionWriter, container: Container, status: ContainerStatus | undefined): void {
  if (status) w.field(2, 'Container ID', status.containerID ?? '')
  w.field(2, 'Image', container.image ?? '')
  if (status) w.field(2, 'Image ID', status.imageID ?? '')
  const ports = container.ports ?? []
  writePorts(
    w,
    'Port',
    ports.map(port => `${port.containerPort}/${port.protocol ?? ''}`),
  )
  writePorts(
    w,
    'Host Port',
    ports.map(port => `${port.hostPort ?? 0}/${port.protocol ?? ''}`),
  )
  const profile = container.securityContext?.seccompProfile
  if (!profile) return
  w.field(2, 'SeccompProfile', profile.type)
  if (profile.type === 'Localhost') w.field(3, 'LocalhostProfile', profile.localhostProfile ?? '')
}

function writePorts(w: DescriptionWriter, name: string, ports: readonly string[]): void {
  w.field(2, ports.length > 1 ? `${name}s` : name, ports.join(', ') || '<none>')
}

function writeCommand(w: DescriptionWriter, name: string, words: readonly string[] | undefined): void {
  if (!words || words.length === 0) return
  w.line(2, `${name}:`)
  for (const line of words.flatMap(word => word.split('\n'))) w.line(3, line)
}

function writeStatus(w: DescriptionWriter, status: ContainerStatus): void {
  writeState(w, 'State', status.state ?? {})
  if (status.lastState?.terminated) writeState(w, 'Last State', status.lastState)
  w.field(2, 'Ready', capitalised(status.ready))
  w.field(2, 'Restart Count', status.restartCount)
}

function writeState(w: DescriptionWriter, name: string, state: ContainerState): void {
  const { running, waiting, terminated } = state
  if (running) {
    w.field(2, name, 'Running')
    w.field(3, 'Started', longTime(running.startedAt))
  } else if (waiting || !terminated) {
    w.field(2, name, 'Waiting')
    if (waiting?.reason) w.field(3, 'Reason', waiting.reason)
  } else {
    w.field(2, name, 'Terminated')
    if (terminated.reason) w.field(3, 'Reason', terminated.reason)
    if (terminated.message) w.field(3, 'Message', terminated.message)
    w.field(3, 'Exit Code', terminated.exitCode)
    if (terminated.signal) w.field(3, 'Signal', terminated.signal)
    w.field(3, 'Started', longTime(terminated.startedAt))
    w.field(3, 'Finished', longTime(terminated.finishedAt))
  }
}

/** Limits and requests, sorted by name. */
export function writeResources(
  w: DescriptionWriter,
  level: number,
  resources: Container['resources'] | undefined,
): void {
  for (const [name, amounts] of [
    ['Limits', resources?.limits],
    ['Requests', resources?.requests],
  ] as const) {
    const keys = Object.keys(amounts ?? {}).sort()
    if (keys.length > 0) w.line(level, `${name}:`)
    for (const key of keys) w.field(level + 1, key, amounts![key]!)
  }
}

/** `http-get http://:80/ delay=0s timeout=1s period=10s #success=1 #failure=3` */
function formatProbe(probe: Probe): string {
  const delay = `delay=${probe.initialDelaySeconds ?? 0}s timeout=${probe.timeoutSeconds ?? 0}s`
  const counts = `#success=${probe.successThreshold ?? 0} #failure=${probe.failureThreshold ?? 0}`
  const times = `${delay} period=${probe.periodSeconds ?? 0}s ${counts}`
  const { exec, httpGet, tcpSocket, grpc } = probe
  if (exec) return `exec ${goList(exec.command)} ${times}`
  if (httpGet) {
    const scheme = (httpGet.scheme ?? '').toLowerCase()
    return `http-get ${scheme}://${httpGet.host ?? ''}:${httpGet.port}${httpGet.path ?? ''} ${times}`
  }
  if (tcpSocket) return `tcp-socket ${tcpSocket.host ?? ''}:${tcpSocket.port} ${times}`
  if (grpc) return `grpc <pod>:${grpc.port} ${grpc.service ?? ''} ${times}`
  return `unknown ${times}`
}

function writeEnvironment(w: DescriptionWriter, container: Container): void {
  const sources = container.envFrom ?? []
  if (sources.length > 0) w.line(2, 'Environment Variables from:')
  for (const { configMapRef, secretRef, prefix } of sources) {
    const type = configMapRef ? 'ConfigMap' : 'Secret'
    const reference = configMapRef ?? secretRef
    const how = prefix ? `${type} with prefix '${prefix}'` : type
    w.line(3, `${reference?.name ?? ''}\t${how}\tOptional: ${reference?.optional ?? false}`)
  }
  const variables = container.env ?? []
  w.line(2, variables.length === 0 ? 'Environment:\t<none>' : 'Environment:')
  for (const variable of variables) writeVariable(w, container, variable)
}

function writeVariable(
  w: DescriptionWriter,
  container: Container,
  { name, value = '', valueFrom }: EnvVar,
): void {
  if (!valueFrom) {
    value.split('\n').forEach((line, i) => {
      w.line(3, `${i === 0 ? `${name}:` : ''}\t${line}`)
    })
    return
  }
  const { fieldRef, resourceFieldRef, secretKeyRef, configMapKeyRef } = valueFrom
  if (fieldRef) {
    // kubectl means to print the value, but cannot convert any field's label and leaves it out.
    w.field(3, name, ` (${fieldRef.apiVersion ?? 'v1'}:${fieldRef.fieldPath})`)
  } else if (resourceFieldRef) {
    const { resource, divisor } = resourceFieldRef
    w.field(3, name, `${resourceValue(container, resource, divisor)} (${resource})`)
  } else if (secretKeyRef) {
    const { key, name: secret, optional = false } = secretKeyRef
    w.field(3, name, `<set to the key '${key}' in secret '${secret}'>\tOptional: ${optional}`)
  } else if (configMapKeyRef) {
    const { key, name: map, optional = false } = configMapKeyRef
    w.field(3, name, `<set to the key '${key}' of config map '${map}'>\tOptional: ${optional}`)
  }
}

/** `limits.cpu` in units of `divisor`, rounded up. */
function resourceValue(container: Container, path: string, divisor: string | number | undefined): string {
  const [list = '', name = ''] = path.split('.')
  const amounts = list === 'limits' ? container.resources?.limits : container.resources?.requests
  const amount = amounts?.[name]
  if (amount === undefined) return /^limits\.(cpu|memory)$/.test(path) ? 'node allocatable' : '0'
  const isCpu = name === 'cpu'
  const unit = divisor === undefined || `${divisor}` === '0' ? '1' : divisor
  const value = isCpu ? milliCpu(amount) / milliCpu(unit) : bytes(amount) / bytes(unit)
  return isCpu ? formatMilliCpu(Math.ceil(value) * 1000) : `${Math.ceil(value)}`
}

function writeMounts(w: DescriptionWriter, container: Container): void {
  const mounts = [...(container.volumeMounts ?? [])].sort((a, b) => compare(a.mountPath, b.mountPath))
  const none = mounts.length === 0 ? '\t<none>' : ''
  w.line(2, `Mounts:${none}`)
  for (const { mountPath, name, readOnly, subPath } of mounts) {
    const path = subPath ? `,path=${JSON.stringify(subPath)}` : ''
    w.line(3, `${mountPath} from ${name} (${readOnly ? 'ro' : 'rw'}${path})`)
  }
  const devices = [...(container.volumeDevices ?? [])].sort((a, b) => compare(a.devicePath, b.devicePath))
  if (devices.length > 0) w.line(2, `Devices:${none}`)
  for (const { devicePath, name } of devices) w.line(3, `${devicePath} from ${name}`)
}
