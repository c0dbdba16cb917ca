import { cleanup, render } from 'ink-testing-library'
import { afterEach, expect, test } from 'vitest'
import { App, type Controls } from './app.tsx'
import { sampleView } from './samples.testing.ts'
import type { ViewModel } from './view-model.ts'

afterEach(cleanup)

/** The app with a driver that writes down what it is asked. */
async function open() {
  let view: ViewModel = sampleView()
  const asked: string[] = []
  const listeners = new Set<() => void>()
  const driver: Controls = {
    view: () => view,
    subscribe: listener => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    togglePause: () => asked.push('pause'),
    step: () => asked.push('step'),
    faster: () => asked.push('faster'),
    slower: () => asked.push('slower'),
  }
  const app = render(<App driver={driver} size={{ columns: 80, rows: 24 }} />)
  await settled()
  const type = async (keys: string) => {
    app.stdin.write(keys)
    await settled()
  }
  const show = async (next: Partial<ViewModel>) => {
    view = sampleView(next)
    for (const listener of listeners) listener()
    await settled()
  }
  return { asked, type, show, text: () => app.lastFrame() ?? '' }
}

/** Effects and input handlers have run. */
function settled(): Promise<void> {
  return new Promise(resolve => {
    setImmediate(() => setImmediate(resolve))
  })
}

test('keys are handed to the driver, several at once too', async () => {
  const { asked, type } = await open()
  await type(' ')
  await type('n+-')
  expect(asked).toEqual(['pause', 'step', 'faster', 'slower'])
})

test('? shows the help, and any named key takes it away', async () => {
  const { type, text } = await open()
  await type('?')
  expect(text()).toContain('pause or go on')
  await type('?')
  expect(text()).not.toContain('pause or go on')
})

test('tab moves the focus', async () => {
  const { type, text } = await open()
  expect(text()).toContain('━━ Lesson')
  await type('\t')
  expect(text()).toContain('━━ Cluster')
})

test('what is typed after a colon is seen, and a command nobody knows is said so', async () => {
  const { type, text } = await open()
  await type(':xyz')
  expect(text()).toContain(':xyz')
  await type('\r')
  expect(text()).toContain('there is no command :xyz')
})

test('a new view is drawn', async () => {
  const { show, text } = await open()
  await show({ title: 'Another lesson', state: 'paused' })
  expect(text()).toContain('Another lesson')
  expect(text()).toContain('⏸ paused')
})
