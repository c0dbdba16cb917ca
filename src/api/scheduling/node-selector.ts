/**
 * Whether a node is one that a pod asks for by labels or name. Mirrors
 * `k8s.io/component-helpers/scheduling/corev1/nodeaffinity`.
 */
import type { NodeSelectorRequirement, NodeSelectorTerm, PodSpec } from 'kubernetes-types/core/v1.js'

type Labels = Readonly<Record<string, string>>

/** What of a node a selector can see: its metadata will do. */
export interface SelectableNode {
  readonly name: string
  readonly labels?: Labels
}

/** `spec.nodeSelector` and the required node affinity, both. */
export function matchesRequired(spec: PodSpec, node: SelectableNode): boolean {
  for (const key in spec.nodeSelector) if (node.labels?.[key] !== spec.nodeSelector[key]) return false
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
  return required ? required.nodeSelectorTerms.some(term => matchesTerm(term, node)) : true
}

/** All of a term's requirements; an empty term matches nothing. */
export function matchesTerm(term: NodeSelectorTerm, node: SelectableNode): boolean {
  const { matchExpressions = [], matchFields = [] } = term
  if (matchExpressions.length === 0 && matchFields.length === 0) return false
  return (
    matchExpressions.every(requirement => matchesValue(requirement, node.labels?.[requirement.key])) &&
    matchFields.every(requirement =>
      matchesValue(requirement, requirement.key === 'metadata.name' ? node.name : undefined),
    )
  )
}

/** One requirement against a label's value; undefined for a node without the label. */
function matchesValue(requirement: NodeSelectorRequirement, value: string | undefined): boolean {
  const values = requirement.values ?? []
  switch (requirement.operator) {
    case 'In':
      return value !== undefined && values.includes(value)
    case 'NotIn':
      return value === undefined || !values.includes(value)
    case 'Exists':
      return value !== undefined
    case 'DoesNotExist':
      return value === undefined
    case 'Gt':
      return isInteger(value) && isInteger(values[0]) && BigInt(value) > BigInt(values[0])
    case 'Lt':
      return isInteger(value) && isInteger(values[0]) && BigInt(value) < BigInt(values[0])
    default:
      return false
  }
}

function isInteger(text: string | undefined): text is string {
  return text !== undefined && /^-?\d+$/.test(text)
}

/**
 * The only nodes that the required affinity can mean, where every term names some in `matchFields` (as pods of
 * DaemonSets do); undefined where any node may do.
 */
export function namedNodes(spec: PodSpec): ReadonlySet<string> | undefined {
  const terms =
    spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? []
  if (terms.length === 0) return undefined
  const all = new Set<string>()
  for (const term of terms) {
    let ofTerm: string[] | undefined
    for (const { key, operator, values = [] } of term.matchFields ?? []) {
      if (key !== 'metadata.name' || operator !== 'In') continue
      ofTerm = ofTerm ? ofTerm.filter(name => values.includes(name)) : values
    }
    if (!ofTerm) return undefined
    for (const name of ofTerm) all.add(name)
  }
  return all
}
