/** `kubectl describe endpointslices` */
import type { EndpointSlice } from '../../api/index.ts'
import type { Describer } from './describer.ts'
import { writeEvents } from './events.ts'
import { writeAnnotations, writeLabels } from './parts.ts'
import type { DescriptionWriter } from './writer.ts'

export const describeEndpointSlice: Describer = function* (context, object, w) {
  const { metadata, addressType, ports = [], endpoints } = object as EndpointSlice
  w.field(0, 'Name', metadata.name)
  w.field(0, 'Namespace', metadata.namespace ?? '')
  writeLabels(w, 'Labels', metadata.labels)
  writeAnnotations(w, 'Annotations', metadata.annotations)
  w.field(0, 'AddressType', addressType)
  if (ports.length === 0) {
    w.line(0, 'Ports: <unset>')
  } else {
    w.line(0, 'Ports:')
    w.line(1, 'Name\tPort\tProtocol')
    w.line(1, '----\t----\t--------')
    for (const { name, port, protocol } of ports) {
      w.line(1, `${name || '<unset>'}\t${port ?? '<unset>'}\t${protocol}`)
    }
  }
  w.line(0, endpoints.length === 0 ? 'Endpoints: <none>' : 'Endpoints:')
  for (const endpoint of endpoints) writeEndpoint(w, endpoint)
  yield* writeEvents(context, w, object)
}

function writeEndpoint(w: DescriptionWriter, endpoint: EndpointSlice['endpoints'][number]): void {
  const { addresses, conditions, hostname, targetRef, nodeName, zone } = endpoint
  w.field(1, '- Addresses', addresses.join(', ') || '<none>')
  w.line(2, 'Conditions:')
  w.field(3, 'Ready', `${conditions?.ready ?? '<unset>'}`)
  w.field(2, 'Hostname', hostname ?? '<unset>')
  if (targetRef) w.field(2, 'TargetRef', `${targetRef.kind}/${targetRef.name}`)
  w.field(2, 'NodeName', nodeName ?? '<unset>')
  w.field(2, 'Zone', zone ?? '<unset>')
}
