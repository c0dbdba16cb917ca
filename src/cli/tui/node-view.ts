/**
 * A node as a box of the screen: what the API says of it, its pods, and the truth behind the glass (its power).
 */
import { type Node, nodeStatusText } from '../../api/index.ts'
import type { PodView } from './pod-view.ts'
import type { Tone } from './tones.ts'

export interface NodeView {
  readonly name: string
  /** kubectl's STATUS: `Ready`, `NotReady,SchedulingDisabled`. */
  readonly status: string
  readonly isReady: boolean
  readonly isCordoned: boolean
  /** Whether the machine has power, which the API learns only later. */
  readonly isUp: boolean
  /** In the order in which they came. */
  readonly pods: readonly PodView[]
}

/** `node` is undefined when it was deleted and has left pods behind. */
export function viewNode(
  name: string,
  node: Node | undefined,
  isUp: boolean,
  pods: readonly PodView[],
): NodeView {
  const status = node ? nodeStatusText(node) : 'deleted'
  return {
    name,
    status,
    isReady: status === 'Ready' || status.startsWith('Ready,'),
    isCordoned: node?.spec.unschedulable ?? false,
    isUp,
    pods,
  }
}

/** The colour of its frame. */
export function nodeTone({ isReady, isCordoned, isUp }: NodeView): Tone {
  if (!isReady || !isUp) return 'error'
  return isCordoned ? 'pending' : 'frame'
}
