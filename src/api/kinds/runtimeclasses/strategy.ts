/** How RuntimeClasses are created and changed. Mirrors pkg/apis/node/validation. */
import type { Strategy } from '../../define-kind.ts'
import {
  isDns1123Label,
  isDns1123Subdomain,
  validateImmutable,
  validateLabels,
} from '../../validation/index.ts'
import { validateTolerations } from '../pods/scheduling-rules.ts'
import { changeField, decoding } from '../shared/fill.ts'
import { checkMetadata, checkMetadataUpdate } from '../shared/metadata.ts'
import { validateAmounts } from '../shared/resource-rules.ts'
import { canonicalResources } from '../shared/resources.ts'
import { checkText } from '../shared/rules.ts'
import type { RuntimeClass } from './types.ts'

export const runtimeClassStrategy: Strategy<RuntimeClass> = {
  defaults: decoding('RuntimeClass', 'v1', runtimeClass =>
    changeField(runtimeClass, 'overhead', overhead => changeField(overhead, 'podFixed', canonicalResources)),
  ),
  validate: runtimeClass => [
    ...checkMetadata(runtimeClass, isDns1123Subdomain, false),
    ...checkText(runtimeClass.handler ?? '', 'handler', isDns1123Label),
    ...validateAmounts(runtimeClass.overhead?.podFixed, 'overhead.podFixed'),
    ...validateLabels(runtimeClass.scheduling?.nodeSelector, 'scheduling.nodeSelector'),
    ...validateTolerations(runtimeClass.scheduling?.tolerations, 'scheduling.tolerations'),
  ],
  validateUpdate: (next, old) => [
    ...checkMetadataUpdate(next, old),
    ...validateImmutable(next.handler, old.handler, 'handler'),
  ],
}
