/** How Nodes are created and changed. Mirrors pkg/registry/core/node and `ValidateNode`. */
import type { NodeSpec, Taint } from 'kubernetes-types/core/v1.js'
import { deepEqual } from '../../deep-equal.ts'
import type { Strategy } from '../../define-kind.ts'
import { duplicate, type FieldError, fieldForbidden, required } from '../../field-error.ts'
import { isDns1123Subdomain, isLabelValue, isQualifiedName } from '../../validation/index.ts'
import { changeField, decoding, fill } from '../shared/fill.ts'
import { checkMetadata, checkMetadataUpdate } from '../shared/metadata.ts'
import { canonicalResources } from '../shared/resources.ts'
import { checkOneOf, checkText } from '../shared/rules.ts'
import type { Node } from './types.ts'

const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute']

export const nodeStrategy: Strategy<Node> = {
  defaults: decoding('Node', 'v1', node => {
    const whole = fill(node, { spec: {}, status: {} })
    if (!whole.status.capacity) return whole
    return changeField(whole, 'status', status => {
      const sized = changeField(status, 'capacity', canonicalResources)
      return changeField(fill(sized, { allocatable: sized.capacity }), 'allocatable', canonicalResources)
    })
  }),
  validate: node => [
    ...checkMetadata(node, isDns1123Subdomain, false),
    ...validateTaints(node.spec.taints, 'spec.taints'),
  ],
  validateUpdate(next, old) {
    const errors = checkMetadataUpdate(next, old)
    if (next.spec === old.spec) return errors
    errors.push(...validateTaints(next.spec.taints, 'spec.taints'))
    errors.push(...validateSpecUpdate(next.spec, old.spec))
    return errors
  },
  validateStatusUpdate: checkMetadataUpdate,
}

function validateTaints(taints: readonly Taint[] | undefined, path: string): FieldError[] {
  const errors: FieldError[] = []
  const known = new Set<string>()
  taints?.forEach((taint, i) => {
    const taintPath = `${path}[${i}]`
    errors.push(...checkText(taint.key ?? '', `${taintPath}.key`, isQualifiedName))
    if (taint.value) errors.push(...checkText(taint.value, `${taintPath}.value`, isLabelValue))
    if (taint.effect) errors.push(...checkOneOf(taint.effect, `${taintPath}.effect`, EFFECTS))
    else errors.push(required(`${taintPath}.effect`))
    const identity = `${taint.key}:${taint.effect}`
    if (known.has(identity)) {
      const error = duplicate(taintPath, taint)
      errors.push({
        ...error,
        message: `${error.message}: taints must be unique by key and effect pair`,
      })
    }
    known.add(identity)
  })
  return errors
}

function validateSpecUpdate(next: NodeSpec, old: NodeSpec): FieldError[] {
  const errors: FieldError[] = []
  const isRewritten = old.podCIDRs?.length && !deepEqual(next.podCIDRs, old.podCIDRs)
  if (isRewritten) {
    const detail = 'node updates may not change podCIDR except from "" to valid'
    errors.push(fieldForbidden('spec.podCIDRs', detail))
  }
  if (old.providerID && next.providerID !== old.providerID) {
    const detail = 'node updates may not change providerID except from "" to valid'
    errors.push(fieldForbidden('spec.providerID', detail))
  }
  return errors
}
