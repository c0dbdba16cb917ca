import { Duplex, PassThrough } from 'node:stream'
import { deflateSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { HEADER_DICTIONARY } from './dictionary.ts'
import { controlFrame, dataFrame, FRAME, type Frame, FrameReader } from './frames.ts'
import { HeaderReader, HeaderWriter } from './headers.ts'
import { SpdySession, type SpdyStream } from './session.ts'

/** A client's end: what it has received, and what it sends. */
function connection() {
  const toServer = new PassThrough()
  const frames = new FrameReader()
  const received: Frame[] = []
  const wire = Duplex.from({ readable: toServer, writable: new PassThrough().on('data', take) })
  function take(chunk: Buffer) {
    frames.add(chunk)
    for (let frame = frames.next(); frame; frame = frames.next()) received.push(frame)
  }
  const opened: SpdyStream[] = []
  let isClosed = false
  const session = new SpdySession(wire, {
    opened: stream => opened.push(stream),
    closed: () => {
      isClosed = true
    },
  })
  const headers = new HeaderWriter()
  return {
    session,
    opened,
    received,
    isClosed: () => isClosed,
    send: (frame: Buffer) => toServer.write(frame),
    open: (id: number, all: Record<string, string>) =>
      toServer.write(
        controlFrame(
          FRAME.synStream,
          id,
          0,
          Buffer.concat([Buffer.alloc(2), headers.write(new Map(Object.entries(all)))]),
        ),
      ),
    hangUp: () => toServer.end(),
    settle: () => new Promise(resolve => setTimeout(resolve, 100)),
  }
}

test('the dictionary is that of SPDY/3', () => {
  expect(HEADER_DICTIONARY.length).toBe(1423)
  // The first two bytes of a zlib stream with a dictionary are followed by the dictionary's Adler-32.
  const stream = deflateSync(Buffer.from('x'), { dictionary: HEADER_DICTIONARY })
  expect(stream.readUInt32BE(2).toString(16)).toBe('e3c6a7c2')
})

test('headers are packed and read again, block after block', async () => {
  const [writer, reader] = [new HeaderWriter(), new HeaderReader()]
  for (const headers of [new Map([['streamtype', 'error']]), new Map(), new Map([['port', '80']])]) {
    expect(await reader.read(writer.write(headers))).toEqual(headers)
  }
})

test('a block that is none is refused', async () => {
  await expect(new HeaderReader().read(Buffer.from('no zlib'))).rejects.toThrow()
})

test('a block is read whole, however small it was packed, but not without end', async () => {
  const headers = new Map([['a', 'x'.repeat(200_000)]])
  const name = Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 97, 0, 3, 0x0d, 0x40])
  const plain = Buffer.concat([name, Buffer.from('x'.repeat(200_000))])
  const dictionary = HEADER_DICTIONARY
  expect(await new HeaderReader().read(deflateSync(plain, { dictionary }))).toEqual(headers)
  const bomb = deflateSync(Buffer.alloc(8_000_000), { dictionary })
  await expect(new HeaderReader().read(bomb)).rejects.toThrow('the header block is too long')
})

test('a frame may come in any pieces', () => {
  const reader = new FrameReader()
  const bytes = Buffer.concat([dataFrame(1, Buffer.from('hello')), dataFrame(3, Buffer.from(''), true)])
  const found: Frame[] = []
  for (const byte of bytes) {
    reader.add(Buffer.from([byte]))
    const frame = reader.next()
    if (frame) found.push(frame)
  }
  expect(found).toEqual([
    { type: 'data', stream: 1, isLast: false, body: Buffer.from('hello') },
    { type: 'data', stream: 3, isLast: true, body: Buffer.from('') },
  ])
})

test('streams are answered, read and written', async () => {
  const client = connection()
  client.open(1, { streamtype: 'error' })
  client.open(3, { StreamType: 'data' })
  client.send(dataFrame(3, Buffer.from('early')))
  await client.settle()
  expect(client.opened.map(stream => stream.headers.get('streamtype'))).toEqual(['error', 'data'])
  const read: string[] = []
  client.opened[1]!.read({ data: chunk => read.push(String(chunk)), ended: () => read.push('ended') })
  client.send(dataFrame(3, Buffer.from('late'), true))
  client.opened[1]!.write(Buffer.from('back'))
  client.opened[1]!.end()
  await client.settle()
  expect(read).toEqual(['early', 'late', 'ended'])
  expect(client.received.map(({ type }) => type)).toEqual([FRAME.synReply, FRAME.synReply, 'data', 'data'])
  expect(client.received.at(-1)).toMatchObject({ stream: 3, isLast: true })
})

test('a ping comes back', async () => {
  const client = connection()
  client.send(controlFrame(FRAME.ping, 7))
  await client.settle()
  expect(client.received).toEqual([{ type: FRAME.ping, isLast: false, body: Buffer.from([0, 0, 0, 7]) }])
})

test.each([
  ['whoever sends a frame that is too long', Buffer.from([0x80, 3, 0, 1, 0, 0xff, 0xff, 0xff])],
  ['whoever sends headers that are none', controlFrame(FRAME.synStream, 3, 0, Buffer.from('no headers'))],
  ['whoever hangs up', undefined],
])('%s is done with', async (_, bytes) => {
  const client = connection()
  client.open(1, { streamtype: 'data' })
  await client.settle()
  let hasEnded = false
  client.opened[0]!.read({
    data() {},
    ended: () => {
      hasEnded = true
    },
  })
  expect([client.isClosed(), hasEnded]).toEqual([false, false])
  if (bytes) client.send(bytes)
  else client.hangUp()
  await client.settle()
  expect([client.isClosed(), hasEnded]).toEqual([true, true])
})

test('whoever keeps sending to a stream that nobody reads is done with', async () => {
  const client = connection()
  client.open(1, { streamtype: 'error' })
  for (let i = 0; i < 2; i++) client.send(dataFrame(1, Buffer.alloc(3 * 1024 * 1024)))
  await expect.poll(client.isClosed, { timeout: 10_000 }).toBe(true)
})

test('nothing more is read of a connection while one of its streams is behind', async () => {
  const client = connection()
  client.open(1, { streamtype: 'data' })
  await client.settle()
  const read: string[] = []
  let goOn = () => {}
  client.opened[0]!.read({
    data: chunk => {
      read.push(String(chunk))
      return new Promise<void>(resolve => {
        goOn = resolve
      })
    },
    ended() {},
  })
  client.send(dataFrame(1, Buffer.from('first')))
  client.send(dataFrame(1, Buffer.from('second')))
  await client.settle()
  expect(read).toEqual(['first'])
  goOn()
  await client.settle()
  expect(read).toEqual(['first', 'second'])
})
