/** `kubectl describe secrets` */
import { decodeBase64, type Secret } from '../../api/index.ts'
import type { Describer } from './describer.ts'
import { byteLength, writeAnnotations, writeLabels } from './parts.ts'

/** Keys come sorted; kubectl prints them in no order at all. Values are counted, except service accounts' tokens. */
export const describeSecret: Describer = function* (_, object, w) {
  const { metadata, type = '', data = {} } = object as Secret
  w.field(0, 'Name', metadata.name)
  w.field(0, 'Namespace', metadata.namespace ?? '')
  writeLabels(w, 'Labels', metadata.labels)
  writeAnnotations(w, 'Annotations', metadata.annotations)
  w.write(0, `\nType:\t${type}\n`)
  w.write(0, '\nData\n====\n')
  for (const key of Object.keys(data).sort()) {
    const isToken = key === 'token' && type === 'kubernetes.io/service-account-token'
    w.field(0, key, isToken ? decodeBase64(data[key]!) : `${byteLength(data[key]!)} bytes`)
  }
}
