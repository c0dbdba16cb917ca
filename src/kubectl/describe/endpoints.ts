/** `kubectl describe endpoints` */
import type { EndpointsObject } from '../../api/index.ts'
import type { Describer } from './describer.ts'
import { writeEvents } from './events.ts'
import { writeAnnotations, writeLabels } from './parts.ts'

export const describeEndpoints: Describer = function* (context, object, w) {
  const { metadata, subsets = [] } = object as EndpointsObject
  w.field(0, 'Name', metadata.name)
  w.field(0, 'Namespace', metadata.namespace ?? '')
  writeLabels(w, 'Labels', metadata.labels)
  writeAnnotations(w, 'Annotations', metadata.annotations)
  w.line(0, 'Subsets:')
  for (const { addresses = [], notReadyAddresses = [], ports = [] } of subsets) {
    w.field(1, 'Addresses', addresses.map(({ ip }) => ip).join(',') || '<none>')
    w.field(1, 'NotReadyAddresses', notReadyAddresses.map(({ ip }) => ip).join(',') || '<none>')
    if (ports.length > 0) {
      w.line(1, 'Ports:')
      w.line(2, 'Name\tPort\tProtocol')
      w.line(2, '----\t----\t--------')
      for (const { name, port, protocol } of ports) w.line(2, `${name || '<unset>'}\t${port}\t${protocol}`)
    }
    w.line(0, '')
  }
  yield* writeEvents(context, w, object)
}
