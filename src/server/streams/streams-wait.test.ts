/** Clients that open some of the streams of exec or port-forward and then no more. */
import { Duplex, PassThrough } from 'node:stream'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Gateway } from '../gateway.ts'
import type { ResourceRoute } from '../route.ts'
import { connectPorts } from './port-forward.ts'
import type { CommandRequest } from './remote-command.ts'
import { controlFrame, dataFrame, FRAME, type Frame, FrameReader } from './spdy/frames.ts'
import { HeaderWriter } from './spdy/headers.ts'
import { connectCommand } from './spdy-command.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(() => {
  vi.useRealTimers()
})

/** A client's end of a wire, and a world that takes down what is opened in it. */
function client() {
  const toServer = new PassThrough()
  const frames = new FrameReader()
  const received: Frame[] = []
  const opened: unknown[] = []
  let isGone = false
  const wire = Duplex.from({
    readable: toServer,
    writable: new PassThrough().on('data', (chunk: Buffer) => {
      frames.add(chunk)
      for (let frame = frames.next(); frame; frame = frames.next()) received.push(frame)
    }),
  })
  wire.once('close', () => {
    isGone = true
  })
  const gateway = {
    stream: (what: unknown) => {
      opened.push(what)
      return { send: () => true, onceRead() {}, close() {} }
    },
  } as unknown as Gateway
  const headers = new HeaderWriter()
  return {
    wire,
    gateway,
    received,
    opened,
    isGone: () => isGone,
    send: (frame: Buffer) => toServer.write(frame),
    open: (id: number, all: Record<string, string>) => {
      const block = Buffer.concat([Buffer.alloc(2), headers.write(new Map(Object.entries(all)))])
      toServer.write(controlFrame(FRAME.synStream, id, 0, block))
    },
    textOn: (stream: number) =>
      received
        .filter(frame => frame.type === 'data' && frame.stream === stream)
        .map(frame => String(frame.body))
        .join(''),
  }
}

/** Until it is so; on the real clock. */
async function comes(isSo: () => boolean): Promise<void> {
  for (let n = 0; n < 100_000 && !isSo(); n++) await new Promise(resolve => setImmediate(resolve))
  expect(isSo()).toBe(true)
}

const REQUEST: CommandRequest = {
  to: 'exec',
  request: {
    namespace: 'default',
    pod: 'web',
    command: ['ls'],
    hasStdin: false,
    hasStdout: true,
    hasStderr: false,
    isTty: false,
  },
}
const ROUTE = { namespace: 'default', name: 'web' } as ResourceRoute
const goodbyes = (received: readonly Frame[]) => received.filter(({ type }) => type === FRAME.goAway).length

test('who does not open the streams of a command within half a minute is let go', async () => {
  const { wire, gateway, open, received, opened, isGone } = client()
  connectCommand(wire, REQUEST, gateway)
  open(1, { streamtype: 'error' })
  await comes(() => received.length === 1)
  vi.advanceTimersByTime(29_999)
  await comes(() => received.length === 1)
  expect(goodbyes(received)).toBe(0)
  vi.advanceTimersByTime(1)
  await comes(() => goodbyes(received) === 1)
  expect(opened).toEqual([])
  // Nor does it hold its end for good.
  vi.advanceTimersByTime(10_000)
  await comes(isGone)
  expect(vi.getTimerCount()).toBe(0)
})

test('who opens them has all the time there is', async () => {
  const { wire, gateway, open, received, opened } = client()
  connectCommand(wire, REQUEST, gateway)
  open(1, { streamtype: 'error' })
  open(3, { streamtype: 'stdout' })
  await comes(() => opened.length === 1)
  expect(vi.getTimerCount()).toBe(0)
  expect(goodbyes(received)).toBe(0)
  wire.destroy()
})

test('half of a forwarded connection is told so after half a minute, and the others go on', async () => {
  const { wire, gateway, open, received, opened, textOn, send } = client()
  connectPorts(wire, ROUTE, gateway)
  open(1, { streamtype: 'error', port: '80', requestid: '0' })
  open(3, { streamtype: 'data', port: '80', requestid: '1' })
  await comes(() => received.length === 2)
  vi.advanceTimersByTime(30_000)
  await comes(() => textOn(1) === '(request=0) timed out waiting for streams')
  const isEnded = (stream: number) =>
    received.some(frame => frame.type === 'data' && frame.stream === stream && frame.isLast)
  expect([isEnded(1), isEnded(3)]).toEqual([true, true])
  send(dataFrame(3, Buffer.alloc(1024 * 1024)))
  open(5, { streamtype: 'error', port: '80', requestid: '2' })
  open(7, { streamtype: 'data', port: '8080', requestid: '2' })
  await comes(() => opened.length === 1)
  expect(opened).toEqual([{ to: 'port', namespace: 'default', pod: 'web', port: 8080 }])
  expect(vi.getTimerCount()).toBe(0)
  wire.destroy()
})

test('a second stream of one kind is an error of the first, and old clients need no request ids', async () => {
  const { wire, gateway, open, opened, textOn } = client()
  connectPorts(wire, ROUTE, gateway)
  open(1, { streamtype: 'error', port: '80', requestid: '0' })
  open(3, { streamtype: 'error', port: '80', requestid: '0' })
  await comes(() => textOn(1) === 'error processing stream for request 0: error stream already assigned')
  open(5, { streamtype: 'error', port: '81' })
  open(7, { streamtype: 'data', port: '81' })
  await comes(() => opened.length === 1)
  wire.destroy()
  await comes(() => vi.getTimerCount() === 0)
})
