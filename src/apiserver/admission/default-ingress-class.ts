/** Ingresses that name no class get the default one. Mirrors `plugin/pkg/admission/network/defaultingressclass`. */
import { type Ingress, type IngressClass, IngressClasses, Ingresses } from '../../api/index.ts'
import type { AdmissionPlugin } from './plugin.ts'

const DEFAULT_ANNOTATION = 'ingressclass.kubernetes.io/is-default-class'
const CLASS_ANNOTATION = 'kubernetes.io/ingress.class'

export const DEFAULT_INGRESS_CLASS: AdmissionPlugin = {
  name: 'DefaultIngressClass',

  handles: (kind, operation, subresource) =>
    kind === Ingresses && operation === 'CREATE' && subresource === '',

  admit(object, _attributes, view) {
    const ingress = object as Ingress
    if (!ingress.spec || ingress.spec.ingressClassName !== undefined) return ingress
    if (ingress.metadata.annotations?.[CLASS_ANNOTATION] !== undefined) return ingress
    let found: IngressClass | undefined
    // The youngest, then the first by name.
    for (const one of view.list(IngressClasses)) {
      if (one.metadata.annotations?.[DEFAULT_ANNOTATION] !== 'true') continue
      if (!found || one.metadata.creationTimestamp > found.metadata.creationTimestamp) found = one
    }
    if (!found) return ingress
    return { ...ingress, spec: { ...ingress.spec, ingressClassName: found.metadata.name } } as Ingress
  },
}
