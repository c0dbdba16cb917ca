/** A new node is not ready, and says so by its taint. Mirrors `plugin/pkg/admission/nodetaint`. */
import { NAMES, type Node, Nodes } from '../../api/index.ts'
import type { AdmissionPlugin } from './plugin.ts'

const NOT_READY = Object.freeze({ key: NAMES.notReadyTaint, effect: 'NoSchedule' })

export const TAINT_NODES_BY_CONDITION: AdmissionPlugin = {
  name: 'TaintNodesByCondition',

  handles: (kind, operation, subresource) => kind === Nodes && operation === 'CREATE' && subresource === '',

  admit(object) {
    const node = object as Node
    const taints = node.spec?.taints ?? []
    if (taints.some(({ key, effect }) => key === NOT_READY.key && effect === NOT_READY.effect)) return node
    return { ...node, spec: { ...node.spec, taints: [...taints, NOT_READY] } } as Node
  },
}
