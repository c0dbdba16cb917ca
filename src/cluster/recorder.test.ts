/** The bounds of a recording. */
import { describe, expect, test } from 'vitest'
import { LIMITS } from '../sim/index.ts'
import { Cluster } from './cluster.ts'
import { Recorder } from './recorder.ts'
import type { Input } from './recording.ts'

const recorded = (input: Input, afterEvents = 0) => ({ atMs: 1000, afterEvents, input })
const SMALL: Input = { do: 'heal' }

describe('a recorder', () => {
  test('numbers the inputs and gives them back in order', () => {
    const recorder = new Recorder([recorded(SMALL)])
    expect(recorder.add(recorded({ do: 'crash', target: 'node-1' }))).toBe(1)
    expect(recorder.add(recorded({ do: 'recover', target: 'node-1' }))).toBe(2)
    expect(recorder.all('recording').map(({ input }) => input.do)).toEqual(['heal', 'crash', 'recover'])
  })

  test('drops all of them past the most, says so once, and goes on numbering', () => {
    const heard: string[] = []
    const recorder = new Recorder([], why => heard.push(why))
    for (let n = 0; n < LIMITS.recordedInputs; n++) recorder.add(recorded(SMALL))
    expect(recorder.all('recording')).toHaveLength(LIMITS.recordedInputs)
    expect(heard).toEqual([])
    expect(recorder.add(recorded(SMALL))).toBe(LIMITS.recordedInputs)
    expect(recorder.add(recorded(SMALL))).toBe(LIMITS.recordedInputs + 1)
    expect(heard).toEqual(['the recording was dropped at 1970-01-01T00:00:01.000Z, after 100000 inputs'])
    expect(() => recorder.all('way back')).toThrow(`there is no way back: ${heard[0]}`)
  })

  test('drops them when few hold too much', () => {
    const heard: string[] = []
    const recorder = new Recorder([], why => heard.push(why))
    const manifest = 'x'.repeat(3 * 2 ** 20)
    for (let n = 0; n < 21; n++) recorder.add(recorded({ do: 'apply', manifest, file: 'f' }))
    expect(heard).toEqual([])
    recorder.add(recorded({ do: 'apply', manifest, file: 'f' }))
    expect(heard).toEqual([expect.stringContaining('after 64 MiB of inputs')])
  })
})

test('a cluster whose recording was dropped goes on, and says why it cannot go back', () => {
  const heard: string[] = []
  const cluster = Cluster.create({ nodes: 1 }, { recordingDropped: why => heard.push(why) })
  for (let n = 0; n <= LIMITS.recordedInputs; n++) cluster.begin({ do: 'heal' })
  expect(heard).toHaveLength(1)
  expect(cluster.kubectl('get nodes -o name').stdout).toBe('node/node-1\n')
  for (const act of [() => cluster.recording, () => cluster.fork(), () => cluster.rewind(0)]) {
    expect(act).toThrow(heard[0])
  }
})
