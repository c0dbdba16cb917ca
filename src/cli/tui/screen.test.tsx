import { stripVTControlCharacters } from 'node:util'
import { cleanup, render } from 'ink-testing-library'
import { afterEach, describe, expect, test } from 'vitest'
import type { Size } from './layout.ts'
import {
  command,
  prose,
  sampleEvent,
  sampleNode,
  samplePod,
  samplePods,
  sampleView,
} from './samples.testing.ts'
import { Screen } from './screen.tsx'
import { cellWidth } from './spans.ts'
import { INITIAL_UI, type UiState } from './ui-state.ts'
import type { ViewModel } from './view-model.ts'

const SMALL: Size = { columns: 80, rows: 24 }
const LARGE: Size = { columns: 200, rows: 50 }

afterEach(cleanup)

/** The screen's lines, without colours. */
function draw(more: Partial<ViewModel>, size: Size, ui: Partial<UiState> = {}): string[] {
  const { lastFrame } = render(<Screen view={sampleView(more)} ui={{ ...INITIAL_UI, ...ui }} size={size} />)
  return stripVTControlCharacters(lastFrame()!).split('\n')
}

describe.each([
  ['80x24', SMALL],
  ['200x50', LARGE],
])('a screen of %s', (_, size) => {
  test('is filled, and never wider or higher than the terminal', () => {
    const lines = draw({ events: Array.from({ length: 60 }, (__, at) => sampleEvent(at)) }, size)
    expect(lines).toHaveLength(size.rows)
    for (const line of lines) expect(cellWidth(line)).toBeLessThanOrEqual(size.columns)
  })

  test('says at the top what is played, whose time it is and how the cluster is', () => {
    const [title = '', cluster = ''] = draw({}, size)
    expect(title).toMatch(/^ KUBARIUM {3}A Deployment +▶ playing {2}4x {2}seed 7$/)
    expect(cluster).toMatch(/^ 2026-01-01 00:01:32 {2}\+1m32s +nodes 3\/3 {2}pods 3\/4 ready$/)
  })

  test('shows nodes with their pods, the lesson, the events and the keys', () => {
    const text = draw({}, size).join('\n')
    expect(text).toMatch(/╭ node-1 ─+ 2 (pods )?╮ ╭ node-2 ─+╮ ╭ node-3 ─+╮/)
    expect(text).toMatch(/● web.*10001 +Running/)
    expect(text).toContain('▌ $ kubectl get deployment web')
    expect(text).toContain('▌ web    3/3')
    expect(text).toMatch(/\+2s Scheduled +pod\/web/)
    expect(text).toContain('n next step')
  })

  test('shows what was expected and did not come', () => {
    const steps = [command('kubectl get pods', 'NAME\n', 'current', 'web   1/1')]
    const text = draw({ steps, step: 0, hasFailed: true, state: 'paused' }, size).join('\n')
    expect(text).toContain('✗ x.md:9: not as the lesson says')
    expect(text).toContain('expected web   1/1')
    expect(text).toContain('⏸ paused')
  })

  test('shows pods that no node has, nodes in trouble and components that are down', () => {
    const nodes = [
      sampleNode('node-1'),
      sampleNode('node-2', [], { status: 'NotReady', isReady: false, isUp: false }),
      sampleNode('node-3', [], { status: 'Ready,SchedulingDisabled', isCordoned: true }),
    ]
    const unscheduled = [samplePod('db-0', 'Pending', { nodeName: undefined })]
    const text = draw({ nodes, unscheduled, down: ['kube-scheduler'] }, size).join('\n')
    expect(text).toContain('unscheduled 1  ○ db-0 Pending')
    expect(text).toMatch(/node-2 ⏻ off/)
    expect(text).toMatch(/╰─+ NotReady ╯ ╰─+ Ready,(SchedulingDisabled|cordoned) ╯/)
    expect(text).toContain('✗ kube-scheduler down')
  })
})

describe('the screen', () => {
  test('puts the lesson beside the cluster where there is room', () => {
    expect(draw({}, LARGE)[2]).toMatch(/^━━ Lesson .*── Cluster /)
    expect(draw({}, SMALL)[2]).toMatch(/^── Cluster /)
  })

  test('names both ends of a pod at 80 columns and the whole name at 200', () => {
    expect(draw({}, SMALL).join('\n')).toContain('web-6f…10000')
    expect(draw({}, LARGE).join('\n')).toContain('web-6ffb5b9cb4-10000')
  })

  test('gives the events more room when they are looked at', () => {
    const events = Array.from({ length: 60 }, (_, at) => sampleEvent(at))
    const shown = (ui: Partial<UiState>) =>
      draw({ events }, SMALL, ui).filter(line => line.includes('Scheduled')).length
    expect(shown({ focus: 'events' })).toBeGreaterThan(shown({}))
  })

  test('follows the lesson so that the step under way is seen', () => {
    const long = Array.from({ length: 40 }, (_, at) => prose(`Paragraph ${at}.`))
    const text = draw({ steps: [...long, command('sim advance 30s', '', 'current')], step: 40 }, SMALL).join(
      '\n',
    )
    expect(text).toContain('▌ $ sim advance 30s')
    expect(text).not.toContain('Paragraph 1.')
  })

  test('lists nodes line by line when they are too many for boxes, and counts the rest', () => {
    const nodes = Array.from({ length: 100 }, (_, at) => sampleNode(`node-${at + 1}`, samplePods(at % 7)))
    const text = draw({ nodes }, SMALL).join('\n')
    expect(text).toMatch(/node-3 +Ready +●● {2}2 Running/)
    expect(text).toMatch(/\+\d+ more nodes/)
  })

  test('shows all keys on demand', () => {
    const text = draw({}, SMALL, { mode: 'help' }).join('\n')
    expect(text).toContain('pause or go on')
    expect(text).toContain('being killed')
  })

  test('says so politely when there is too little room', () => {
    const lines = draw({}, { columns: 50, rows: 12 })
    expect(lines).toHaveLength(12)
    expect(lines.join('\n')).toContain('60x15 at least; this is 50x12.')
  })
})
