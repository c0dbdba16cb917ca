/** `kubectl describe services` */
import { type EndpointSlice, EndpointSlices, formatLabels, NAMES, type Service } from '../../api/index.ts'
import type { Describer } from './describer.ts'
import { listOf } from './describer.ts'
import { writeEvents } from './events.ts'
import { writeAnnotations, writeLabels } from './parts.ts'
import type { DescriptionWriter } from './writer.ts'

/** More endpoints than these are counted only. */
const SHOWN_ENDPOINTS = 3

export const describeService: Describer = function* (context, object, w) {
  const { metadata, spec } = object as Service
  const { name, namespace = '' } = metadata
  w.field(0, 'Name', name)
  w.field(0, 'Namespace', namespace)
  writeLabels(w, 'Labels', metadata.labels)
  writeAnnotations(w, 'Annotations', metadata.annotations)
  w.field(0, 'Selector', formatLabels(spec?.selector))
  w.field(0, 'Type', spec?.type ?? '')
  writeAddresses(w, object as Service)
  const labelSelector = `${NAMES.serviceNameLabel}=${name}`
  const slices = yield* listOf<EndpointSlice>(context, EndpointSlices, namespace, { labelSelector })
  writePorts(w, object as Service, slices)
  w.field(0, 'Session Affinity', spec?.sessionAffinity ?? '')
  if (spec?.externalTrafficPolicy) w.field(0, 'External Traffic Policy', spec.externalTrafficPolicy)
  if (spec?.internalTrafficPolicy) w.field(0, 'Internal Traffic Policy', spec.internalTrafficPolicy)
  if (spec?.healthCheckNodePort) w.field(0, 'HealthCheck NodePort', spec.healthCheckNodePort)
  const ranges = spec?.loadBalancerSourceRanges ?? []
  if (ranges.length > 0) w.field(0, 'LoadBalancer Source Ranges', ranges.join(','))
  yield* writeEvents(context, w, object)
}

function writeAddresses(w: DescriptionWriter, { spec, status }: Service): void {
  if (spec?.ipFamilyPolicy) w.field(0, 'IP Family Policy', spec.ipFamilyPolicy)
  w.field(0, 'IP Families', spec?.ipFamilies?.join(',') || '<none>')
  w.field(0, 'IP', spec?.clusterIP ?? '')
  w.field(0, 'IPs', spec?.clusterIPs?.join(',') || '<none>')
  if (spec?.externalIPs?.length) w.field(0, 'External IPs', spec.externalIPs.join(','))
  if (spec?.loadBalancerIP) w.field(0, 'Desired LoadBalancer IP', spec.loadBalancerIP)
  if (spec?.externalName) w.field(0, 'External Name', spec.externalName)
  const ingress = status?.loadBalancer?.ingress ?? []
  if (ingress.length === 0) return
  const texts = ingress.map(({ ip, ipMode, hostname }) =>
    ip ? `${ip}${ipMode ? ` (${ipMode})` : ''}` : (hostname ?? ''),
  )
  w.field(0, 'LoadBalancer Ingress', texts.join(', '))
}

function writePorts(w: DescriptionWriter, { spec }: Service, slices: readonly EndpointSlice[]): void {
  for (const { name = '', port, protocol, targetPort, nodePort } of spec?.ports ?? []) {
    const label = name || '<unset>'
    w.field(0, 'Port', `${label}\t${port}/${protocol}`)
    w.field(0, 'TargetPort', `${targetPort}/${protocol}`)
    if (nodePort) w.field(0, 'NodePort', `${label}\t${nodePort}/${protocol}`)
    w.field(0, 'Endpoints', endpointsText(slices, name))
  }
}

/** `10.244.1.5:80,10.244.2.7:80`; after the third only `+ N more...`. */
function endpointsText(slices: readonly EndpointSlice[], portName: string): string {
  if (slices.length === 0) return '<none>'
  const addresses = slices.flatMap(slice => {
    const ready = slice.endpoints.filter(endpoint => endpoint.conditions?.ready ?? true)
    const ports = slice.ports ?? []
    if (ports.length === 0) return ready.map(({ addresses: [address] }) => `${address}`)
    return ports
      .filter(({ name = '' }) => name === portName)
      .flatMap(({ port }) => ready.map(({ addresses: [address] }) => `${address}:${port}`))
  })
  const text = addresses.slice(0, SHOWN_ENDPOINTS).join(',')
  const more = addresses.length - SHOWN_ENDPOINTS
  return more > 0 ? `${text} + ${more} more...` : text
}
