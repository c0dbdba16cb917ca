/** How Ingresses are created and changed. Mirrors pkg/registry/networking/ingress. */
import type { Strategy } from '../../define-kind.ts'
import { fill } from '../shared/fill.ts'
import { checkMetadataUpdate } from '../shared/metadata.ts'
import { CLASS_ANNOTATION, validateIngress, validateIngressSpec, validateIngressStatus } from './rules.ts'
import type { Ingress } from './types.ts'

const EMPTY_STATUS = Object.freeze({ loadBalancer: Object.freeze({}) })

export const ingressStrategy: Strategy<Ingress> = {
  defaults: ingress => fill(ingress, { status: EMPTY_STATUS }),
  prepareForCreate: ingress => ({ ...ingress, status: EMPTY_STATUS }),
  validate: validateIngress,
  validateUpdate(next, old) {
    const errors = checkMetadataUpdate(next, old)
    return next.spec === old.spec ? errors : [...errors, ...validateIngressSpec(next.spec, 'spec')]
  },
  validateStatusUpdate: (next, old) => [...checkMetadataUpdate(next, old), ...validateIngressStatus(next)],
  warnings({ metadata }, old) {
    const isNew = !old && metadata.annotations?.[CLASS_ANNOTATION] !== undefined
    return isNew
      ? [`annotation "${CLASS_ANNOTATION}" is deprecated, please use 'spec.ingressClassName' instead`]
      : []
  },
}
