/** Whether a node is one that a pod asks for and that will have it; mirrors `component-helpers/scheduling/corev1`. */
import type {
  NodeSelectorRequirement,
  NodeSelectorTerm,
  PodSpec,
  Taint,
  Toleration,
} from 'kubernetes-types/core/v1.js'
import type { Node } from '../../api/index.ts'

/** True when the node has a taint of one of the effects that none of the tolerations covers. */
export function isRepelled(
  node: Node,
  tolerations: readonly Toleration[],
  effects: readonly string[],
): boolean {
  const taints = node.spec.taints ?? []
  return taints.some(
    taint => effects.includes(taint.effect) && !tolerations.some(toleration => tolerates(toleration, taint)),
  )
}

function tolerates({ effect, key, operator = 'Equal', value = '' }: Toleration, taint: Taint): boolean {
  if (effect && effect !== taint.effect) return false
  if (key && key !== taint.key) return false
  return operator === 'Exists' || (operator === 'Equal' && value === (taint.value ?? ''))
}

/** `spec.nodeSelector` and the required node affinity, both. */
export function isWantedNode(spec: PodSpec, node: Node): boolean {
  const labels = node.metadata.labels ?? {}
  for (const name in spec.nodeSelector) if (labels[name] !== spec.nodeSelector[name]) return false
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
  return required ? required.nodeSelectorTerms.some(term => termMatches(term, node)) : true
}

function termMatches({ matchExpressions = [], matchFields = [] }: NodeSelectorTerm, node: Node): boolean {
  if (matchExpressions.length + matchFields.length === 0) return false
  const { name, labels } = node.metadata
  const field = (key: string) => (key === 'metadata.name' ? name : undefined)
  return (
    matchExpressions.every(requirement => valueMatches(requirement, labels?.[requirement.key])) &&
    matchFields.every(requirement => valueMatches(requirement, field(requirement.key)))
  )
}

function valueMatches(
  { operator, values = [] }: NodeSelectorRequirement,
  value: string | undefined,
): boolean {
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value)
    case 'NotIn':
      return value === undefined || !values.includes(value)
    case 'Exists':
      return value !== undefined
    case 'DoesNotExist':
      return value === undefined
    case 'Gt':
      return integer(value) > integer(values[0])
    case 'Lt':
      return integer(value) < integer(values[0])
    default:
      return false
  }
}

/** NaN, which compares with nothing, for what is no integer. */
function integer(text: string | undefined): number {
  return text !== undefined && /^-?\d+$/.test(text) ? Number(text) : Number.NaN
}
