/** The nodes and their pods. */
import { memo } from 'react'
import { clusterLines, unscheduledLane } from './cluster-lines.ts'
import type { Size } from './layout.ts'
import type { NodeView } from './node-view.ts'
import { PaneView } from './pane.tsx'
import type { PodView } from './pod-view.ts'

export interface ClusterPaneProps {
  readonly nodes: readonly NodeView[]
  readonly unscheduled: readonly PodView[]
  readonly top: number
  readonly size: Size
  readonly hasFocus: boolean
}

export const ClusterPane = memo(function ClusterPane(props: ClusterPaneProps) {
  const { nodes, unscheduled, size, top, hasFocus } = props
  const room = { columns: size.columns, rows: size.rows - 1 }
  return (
    <PaneView
      name="Cluster"
      aside={unscheduledLane(unscheduled, size.columns - 20)}
      size={size}
      hasFocus={hasFocus}
      lines={clusterLines(nodes, room, top)}
    />
  )
})
