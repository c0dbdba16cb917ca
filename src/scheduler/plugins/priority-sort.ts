/** PrioritySort: higher `spec.priority` first; among equals, who has waited longer. */
import type { Plugin } from '../framework.ts'

export const prioritySort: Plugin = {
  name: 'PrioritySort',
  less(a, b) {
    if (a.info.priority !== b.info.priority) return a.info.priority > b.info.priority
    return a.timestampMs < b.timestampMs
  },
}
