/**
 * One node as a box of lines: the pods by name while they fit, the unusual ones by name and the rest counted when
 * they do not, one cell a pod when there are many, and counts alone in the end.
 */

import type { Size } from './layout.ts'
import { type NodeView, nodeTone } from './node-view.ts'
import { compactCells, shortenName } from './pod-name.ts'
import { type PodView, podSymbol, shownTone } from './pod-view.ts'
import { cellWidth, fitLine, type Line, type Span, span, truncate } from './spans.ts'

/** Room that a status gets before the name is shortened further. */
const STATUS_CELLS = 11

/** The box in exactly this size; at least 12 by 3. */
export function nodeLines(node: NodeView, { columns, rows }: Size): Line[] {
  const frame = nodeTone(node)
  const side = span('│', frame)
  const inner = podLines(node.pods, { columns: columns - 4, rows: rows - 2 })
  return [
    topEdge(node, columns),
    ...Array.from({ length: rows - 2 }, (_, at) => [
      side,
      span(' '),
      ...fitLine(inner[at] ?? [], columns - 4),
      span(' '),
      side,
    ]),
    bottomEdge(node, columns),
  ]
}

/** `╭ node-1 ───── 3 pods ╮` */
function topEdge(node: NodeView, columns: number): Line {
  const frame = nodeTone(node)
  const count = node.pods.length
  const pods = count === 0 ? '' : columns < 30 ? ` ${count} ` : ` ${count} ${count === 1 ? 'pod' : 'pods'} `
  const power = node.isUp ? '' : columns < 24 ? '⏻ ' : '⏻ off '
  const name = truncate(node.name, columns - 4 - cellWidth(pods) - cellWidth(power))
  const rule = columns - 4 - cellWidth(name) - cellWidth(pods) - cellWidth(power)
  return [
    span('╭ ', frame),
    span(name, 'strong'),
    span(' ', frame),
    span(power, 'error'),
    span('─'.repeat(Math.max(rule, 0)), frame),
    span(pods, 'faint'),
    span('╮', frame),
  ]
}

/** `╰──────────────── Ready ╯` */
function bottomEdge(node: NodeView, columns: number): Line {
  const frame = nodeTone(node)
  const room = columns - 4
  const short = node.status.replace('SchedulingDisabled', 'cordoned')
  const status = truncate(node.status.length <= room ? node.status : short, room)
  return [
    span(`╰${'─'.repeat(room - cellWidth(status))} `, frame),
    span(status, frame === 'frame' ? 'faint' : frame),
    span(' ╯', frame),
  ]
}

/** The pods in at most this room. */
export function podLines(pods: readonly PodView[], { columns, rows }: Size): Line[] {
  if (pods.length <= rows) return pods.map(pod => podLine(pod, columns))
  const cellRows = Math.ceil(pods.length / columns)
  if (pods.length <= rows * 2) {
    const shown = unusualFirst(pods).slice(0, rows - 1)
    const rest = new Set(shown)
    return [...shown.map(pod => podLine(pod, columns)), more(pods.filter(pod => !rest.has(pod)))]
  }
  if (cellRows < rows) {
    const names = rows - 1 - cellRows
    const unusual = pods.filter(pod => pod.tone !== 'row').slice(0, names)
    return [countLine(pods), ...cellLines(pods, columns), ...unusual.map(pod => podLine(pod, columns))]
  }
  if (rows < 2) return [countLine(pods)]
  const shown = pods.slice(0, (rows - 2) * columns)
  return [countLine(pods), ...cellLines(shown, columns), more(pods.slice(shown.length))]
}

/** `● frontend…82tch Running` */
export function podLine(pod: PodView, columns: number): Line {
  const tone = shownTone(pod)
  const name = pod.namespace === 'default' ? pod.name : `${pod.namespace}/${pod.name}`
  const restarts = pod.restarts > 0 ? ` ↻${pod.restarts}` : ''
  const room = columns - 3 - restarts.length
  const statusRoom = Math.max(Math.min(STATUS_CELLS, room - 8), room - compactCells(name))
  const status = truncate(pod.status, statusRoom)
  const nameText = shortenName(name, room - cellWidth(status))
  const gap = Math.max(room - cellWidth(nameText) - cellWidth(status), 0) + 1
  return [
    span(`${podSymbol(pod)} `, tone),
    span(nameText, tone),
    span(' '.repeat(gap)),
    span(status, tone),
    span(restarts, 'pending'),
  ]
}

/** One symbol a pod, in rows of `columns`. */
function cellLines(pods: readonly PodView[], columns: number): Line[] {
  const lines: Span[][] = []
  pods.forEach((pod, at) => {
    if (at % columns === 0) lines.push([])
    lines.at(-1)!.push(span(podSymbol(pod), shownTone(pod)))
  })
  return lines
}

/** `37 Running  2 Pending` */
export function countLine(pods: readonly PodView[]): Line {
  return countsOf(pods).flatMap(({ status, count, pod }, at) => [
    span(at === 0 ? '' : '  '),
    span(`${count}`, shownTone(pod)),
    span(` ${status}`, 'faint'),
  ])
}

/** `+12 more: 11 Running, 1 Pending` */
function more(pods: readonly PodView[]): Line {
  const counts = countsOf(pods).map(({ status, count }) => `${count} ${status}`)
  const [only] = counts
  return [
    span(`+${pods.length} more`, 'strong'),
    span(counts.length === 1 ? ` ${only!.split(' ')[1]}` : `: ${counts.join(', ')}`, 'faint'),
  ]
}

function countsOf(pods: readonly PodView[]): { status: string; count: number; pod: PodView }[] {
  const counts = new Map<string, { status: string; count: number; pod: PodView }>()
  for (const pod of pods) {
    const known = counts.get(pod.status)
    if (known) known.count++
    else counts.set(pod.status, { status: pod.status, count: 1, pod })
  }
  return [...counts.values()].sort((a, b) => b.count - a.count)
}

/** Those that are not just running, then the others, each in their order. */
function unusualFirst(pods: readonly PodView[]): PodView[] {
  const isUsual = (pod: PodView) => pod.tone === 'row' && pod.flash === undefined
  return [...pods.filter(pod => !isUsual(pod)), ...pods.filter(isUsual)]
}
