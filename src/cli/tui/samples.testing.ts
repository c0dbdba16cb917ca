/** Views of a cluster and a lesson, for tests: what a person would see, without a cluster. */
import type { StepResult } from '../../scenario/index.ts'
import type { EventView } from './event-view.ts'
import type { StepView } from './lesson-pace.ts'
import type { NodeView } from './node-view.ts'
import { type PodView, podTone } from './pod-view.ts'
import type { ViewModel } from './view-model.ts'

const START_MS = Date.UTC(2026, 0, 1)

export function samplePod(name: string, status = 'Running', more: Partial<PodView> = {}): PodView {
  const isReady = more.isReady ?? status === 'Running'
  return {
    key: `/registry/pods/default/${name}`,
    name,
    namespace: 'default',
    status,
    restarts: 0,
    nodeName: 'node-1',
    isReady,
    isOver: status === 'Completed',
    tone: podTone(status, isReady),
    flash: undefined,
    ...more,
  }
}

/** `count` running pods `web-6ffb5b9cb4-10000` and up. */
export function samplePods(count: number): PodView[] {
  return Array.from({ length: count }, (_, at) => samplePod(`web-6ffb5b9cb4-${10_000 + at}`))
}

export function sampleNode(
  name: string,
  pods: readonly PodView[] = [],
  more: Partial<NodeView> = {},
): NodeView {
  return { name, status: 'Ready', isReady: true, isCordoned: false, isUp: true, pods, ...more }
}

export function sampleEvent(seconds: number, more: Partial<EventView> = {}): EventView {
  return {
    key: `event-${seconds}`,
    atMs: START_MS + seconds * 1000,
    isWarning: false,
    reason: 'Scheduled',
    object: 'pod/web-6ffb5b9cb4-10000',
    message: `Successfully assigned default/web-6ffb5b9cb4-10000 to node-1 (${seconds})`,
    count: 1,
    ...more,
  }
}

export function prose(text: string, state: StepView['state'] = 'done'): StepView {
  return { step: { type: 'prose', text, line: 1 }, state, output: '', result: undefined, error: undefined }
}

/** A command that has printed `output`; `expected` is what it should have, where it did not hold. */
export function command(
  text: string,
  output: string,
  state: StepView['state'] = 'done',
  expected?: string,
): StepView {
  const consoleCommand = { text, line: 9, expected: [], expectedLines: { from: 10, to: 10 } }
  const step: StepResult['step'] = { type: 'command', command: consoleCommand, text, line: 9 }
  const failure =
    expected === undefined
      ? undefined
      : { where: 'x.md:9', expected, actual: output.trimEnd(), isOutput: true }
  const result: StepResult = { step, output, failure, startedMs: START_MS, endedMs: START_MS }
  return { step, state, output, result: state === 'ahead' ? undefined : result, error: undefined }
}

export function sampleView(more: Partial<ViewModel> = {}): ViewModel {
  return {
    title: 'A Deployment',
    seed: 7,
    state: 'playing',
    speed: '4x',
    elapsed: '+1m32s',
    clock: '2026-01-01 00:01:32',
    startMs: START_MS,
    down: [],
    nodesReady: 3,
    nodesTotal: 3,
    podsReady: 3,
    podsTotal: 4,
    nodes: [sampleNode('node-1', samplePods(2)), sampleNode('node-2'), sampleNode('node-3')],
    unscheduled: [],
    events: [sampleEvent(1), sampleEvent(2)],
    steps: [
      prose('# Three of a kind\n\nA **Deployment** keeps `replicas` running.'),
      command('kubectl get deployment web', 'NAME   READY\nweb    3/3\n', 'current'),
      prose('That was it.', 'ahead'),
    ],
    step: 1,
    readEighths: undefined,
    hasFailed: false,
    ...more,
  }
}
