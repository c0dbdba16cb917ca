/**
 * All nodes in the room there is: boxes side by side and in rows while their pods can be told apart, a line a node
 * when there are many. And the lane of pods that wait for a node.
 */
import type { Size } from './layout.ts'
import { countLine, nodeLines } from './node-lines.ts'
import { type NodeView, nodeTone } from './node-view.ts'
import { shortenName } from './pod-name.ts'
import { type PodView, podSymbol, shownTone } from './pod-view.ts'
import { clampTop } from './scrolling.ts'
import { cellWidth, fitLine, type Line, lineWidth, span } from './spans.ts'

/** A box narrower than this cannot name a pod; one lower than this cannot show one. */
const LEAST_BOX: Size = { columns: 24, rows: 4 }
const BOX_GAP = 1

/** Exactly `size.rows` lines; `top` is the first node to be seen when there are too many for boxes. */
export function clusterLines(nodes: readonly NodeView[], size: Size, top: number): Line[] {
  const lines = boxesFit(nodes.length, size) ? boxes(nodes, size) : nodeList(nodes, size, top)
  while (lines.length < size.rows) lines.push([])
  return lines.slice(0, size.rows)
}

/** Nodes that could be scrolled through: all when they are listed, none when they have their boxes. */
export function scrollableNodes(nodes: number, size: Size): number {
  return boxesFit(nodes, size) ? 0 : nodes
}

function boxesFit(nodes: number, room: Size): boolean {
  return gridOf(nodes, room).rows >= LEAST_BOX.rows
}

/** How many boxes stand side by side, and how high they are. */
function gridOf(nodes: number, { columns, rows }: Size): { perRow: number; rows: number } {
  const most = Math.max(Math.floor((columns + BOX_GAP) / (LEAST_BOX.columns + BOX_GAP)), 1)
  const boxRows = Math.max(Math.ceil(nodes / most), 1)
  return { perRow: Math.max(Math.ceil(nodes / boxRows), 1), rows: Math.floor(rows / boxRows) }
}

function boxes(nodes: readonly NodeView[], room: Size): Line[] {
  if (nodes.length === 0) return [[span('There are no nodes.', 'faint')]]
  const grid = gridOf(nodes.length, room)
  const gaps = (grid.perRow - 1) * BOX_GAP
  const columns = Math.floor((room.columns - gaps) / grid.perRow)
  const lines: Line[] = []
  for (let first = 0; first < nodes.length; first += grid.perRow) {
    const row = nodes
      .slice(first, first + grid.perRow)
      .map(node => nodeLines(node, { columns, rows: grid.rows }))
    for (let at = 0; at < grid.rows; at++) {
      lines.push(row.flatMap((box, i) => (i === 0 ? box[at]! : [span(' '.repeat(BOX_GAP)), ...box[at]!])))
    }
  }
  return lines
}

function nodeList(nodes: readonly NodeView[], { columns, rows }: Size, top: number): Line[] {
  const first = clampTop(top, nodes.length, rows - 1)
  const shown = nodes.slice(first, first + rows - 1)
  const names = Math.max(...shown.map(({ name }) => cellWidth(name)))
  const lines = shown.map(node => nodeLine(node, Math.min(names, 30), columns))
  const hidden = nodes.length - shown.length
  if (hidden > 0) {
    const sick = nodes.filter(node => !node.isReady && !shown.includes(node)).length
    const notReady = sick > 0 ? [span(`, ${sick} NotReady`, 'error')] : []
    lines.push([span(`+${hidden} more nodes`, 'strong'), ...notReady])
  }
  return lines
}

/** `node-17  Ready  ●●●●●●●●●●●●  12 Running` */
function nodeLine(node: NodeView, nameCells: number, columns: number): Line {
  const tone = nodeTone(node)
  const status = node.isUp ? node.status.replace('SchedulingDisabled', 'cordoned') : `${node.status} ⏻ off`
  const head: Line = [
    span(shortenName(node.name, nameCells).padEnd(nameCells), 'strong'),
    span('  '),
    span(status.padEnd(8), tone === 'frame' ? 'faint' : tone),
    span('  '),
  ]
  const counts = node.pods.length === 0 ? [span('no pods', 'faint')] : countLine(node.pods)
  const room = columns - lineWidth(head) - lineWidth(counts) - 2
  if (node.pods.length === 0 || room < node.pods.length) return fitLine([...head, ...counts], columns)
  const cells = node.pods.map(pod => span(podSymbol(pod), shownTone(pod)))
  return fitLine([...head, ...cells, span('  '), ...counts], columns)
}

/** `unscheduled 14  ○ web…x2x1z Pending  ○ web…9kd2l Pending  +12 more` in at most so many cells. */
export function unscheduledLane(pods: readonly PodView[], columns: number): Line {
  if (pods.length === 0) return []
  const line = [span('unscheduled ', 'pending'), span(`${pods.length}`, 'strong')]
  let left = columns - lineWidth(line)
  for (const [at, pod] of pods.entries()) {
    const text = `  ${podSymbol(pod)} ${shortenName(pod.name, 22)} ${pod.status}`
    const rest = pods.length - at
    const more = `  +${rest} more`
    if (cellWidth(text) + (rest > 1 ? more.length : 0) > left) {
      if (at > 0) line.push(span(more, 'strong'))
      break
    }
    line.push(span(text, shownTone(pod)))
    left -= cellWidth(text)
  }
  return line
}
