import { describe, expect, test } from 'vitest'
import { byteConversation } from './byte-conversation.ts'
import type { AppRequest } from './container-network.ts'
import { fromBytes, toBytes } from './io/bytes.ts'

/** What a program is asked, and what comes back, when the bytes come in pieces of some size. */
function talk(bytes: Uint8Array, piece: number, isEnd = false) {
  const asked: AppRequest[] = []
  let heard = ''
  let hasEnded = false
  const session = byteConversation(
    (request, reply) => {
      asked.push(request)
      if (request.protocol === 'tcp') reply({ protocol: 'tcp', data: 'OK' })
      else reply({ protocol: 'http', status: 200, headers: {}, body: 'fine' })
    },
    {
      data: chunk => {
        heard += fromBytes(chunk)
      },
      ended: () => {
        hasEnded = true
      },
      failed: message => {
        throw new Error(message)
      },
    },
  )
  for (let at = 0; at < bytes.length; at += piece) session.write(bytes.subarray(at, at + piece))
  if (isEnd) session.end()
  return { asked, heard, hasEnded }
}

const post = (headers: string, body: string) => `POST /a HTTP/1.1\r\nHost: x\r\n${headers}\r\n\r\n${body}`

describe.each([1, 2, 3, 7, 10_000])('in pieces of %i bytes', piece => {
  test('requests are heard one by one, whatever they are made of', () => {
    const bytes = toBytes(
      `${post('Content-Length: 4', 'a€')}${post('Transfer-Encoding: chunked', '3;x=y\r\nabc\r\n2\r\nde\r\n0\r\n\r\n')}` +
        '*2\r\n$3\r\nGET\r\n$3\r\n€\r\n\nhello\r\nGET / HTTP/1.1\n\nlast',
    )
    const { asked, hasEnded } = talk(bytes, piece, true)
    expect(asked).toMatchObject([
      { protocol: 'http', method: 'POST', path: '/a', headers: { host: 'x' }, body: 'a€' },
      { protocol: 'http', body: 'abcde' },
      { protocol: 'tcp', data: 'GET €', isRedis: true },
      { protocol: 'tcp', data: '' },
      { protocol: 'tcp', data: 'hello' },
      { protocol: 'http', method: 'GET', path: '/', body: '' },
      { protocol: 'tcp', data: 'last' },
    ])
    expect(hasEnded).toBe(true)
  })

  test('a letter may lie in two chunks', () => {
    const [a, b, c] = toBytes('€')
    const bytes = [
      ...toBytes(post('Transfer-Encoding: chunked', '1\r\n')),
      a!,
      ...toBytes('\r\n2\r\n'),
      b!,
      c!,
      ...toBytes('\r\n0\r\n\r\n'),
    ]
    expect(talk(new Uint8Array(bytes), piece).asked).toMatchObject([{ body: '€' }])
  })

  test.each([
    post('Content-Length: -1', ''),
    post(': none', ''),
    post('Transfer-Encoding: chunked', 'xyz\r\n'),
    post('Transfer-Encoding: chunked', '1\r\nabc\r\n'),
    '*x\r\n',
    '*1\r\n+3\r\n',
  ])('%j is refused', text => {
    const { asked, heard, hasEnded } = talk(toBytes(text), piece)
    expect(asked).toEqual([])
    expect(heard).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/)
    expect(hasEnded).toBe(true)
  })

  test.each([
    'GET /half',
    'GET / HTTP/1.1\r\nHost: x',
    post('Content-Length: 5', 'abc'),
    '*2\r\n$3\r\nGET\r\n',
    '*2',
  ])('what breaks off is no request: %j', text => {
    expect(talk(toBytes(text), piece, true)).toEqual({ asked: [], heard: '', hasEnded: true })
  })
})

/** Enough for a reader that starts over with every piece to take minutes. */
const SIZE = 2_000_000

test.each([
  ['a length', `Content-Length: ${SIZE}`, 'x'.repeat(SIZE)],
  [
    'chunks',
    'Transfer-Encoding: chunked',
    `${`3e8\r\n${'x'.repeat(1000)}\r\n`.repeat(SIZE / 1000)}0\r\n\r\n`,
  ],
])('a body of megabytes by %s costs no more in small pieces than in large ones', (_, header, body) => {
  const bytes = new TextEncoder().encode(post(header, body))
  const startedMs = performance.now()
  const { asked } = talk(bytes, 500)
  expect(performance.now() - startedMs).toBeLessThan(8000)
  expect(asked).toHaveLength(1)
  expect((asked[0] as { body: string }).body).toHaveLength(SIZE)
})

test('a request of more than sixteen megabytes ends the connection', () => {
  const bytes = new TextEncoder().encode(post('Content-Length: 17000000', 'x'.repeat(16_900_000)))
  const { asked, hasEnded } = talk(bytes, 65_536)
  expect({ count: asked.length, hasEnded }).toEqual({ count: 0, hasEnded: true })
})
