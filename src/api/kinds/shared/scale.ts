/** The `scale` subresource of workloads that count `spec.replicas` and `status.replicas`. */
import type { LabelSelector } from 'kubernetes-types/meta/v1.js'
import type { ScaleMapping } from '../../define-kind.ts'
import type { KubeObject } from '../../object.ts'
import { labelSelector } from '../../selector.ts'

interface Scalable extends KubeObject {
  spec: { replicas?: number; selector?: LabelSelector }
  status: { replicas?: number }
}

export function scaleMapping<T extends Scalable>(): ScaleMapping<T> {
  return {
    specReplicas: object => object.spec.replicas ?? 0,
    withSpecReplicas: (object, replicas) => ({ ...object, spec: { ...object.spec, replicas } }),
    statusReplicas: object => object.status.replicas ?? 0,
    selector: object => labelSelector(object.spec.selector).text,
  }
}
