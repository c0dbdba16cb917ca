/** `kubectl describe configmaps` */
import type { ConfigMap } from '../../api/index.ts'
import type { Describer } from './describer.ts'
import { writeEvents } from './events.ts'
import { byteLength, writeAnnotations, writeLabels } from './parts.ts'

/** Keys come sorted; kubectl prints them in no order at all. */
export const describeConfigMap: Describer = function* (context, object, w) {
  const { metadata, data = {}, binaryData = {} } = object as ConfigMap
  w.field(0, 'Name', metadata.name)
  w.field(0, 'Namespace', metadata.namespace ?? '')
  writeLabels(w, 'Labels', metadata.labels)
  writeAnnotations(w, 'Annotations', metadata.annotations)
  w.write(0, '\nData\n====\n')
  for (const key of Object.keys(data).sort()) w.write(0, `${key}:\n----\n${data[key]}\n\n`)
  w.write(0, '\nBinaryData\n====\n')
  for (const key of Object.keys(binaryData).sort()) w.line(0, `${key}: ${byteLength(binaryData[key]!)} bytes`)
  w.line(0, '')
  yield* writeEvents(context, w, object)
}
