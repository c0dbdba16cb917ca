/**
 * Whatever is sent to the door is answered, with a Status where it is refused and Go's plain 404 where no path leads,
 * and the cluster lives on.
 */
import { afterAll, expect, test } from 'vitest'
import { RandomStream } from '../../src/sim/index.ts'
import { type Answer, BareDoor } from './door.ts'
import { type FuzzRequest, randomRequest } from './requests.ts'

const REQUESTS = 20_000
const AT_ONCE = 50

const door = new BareDoor()
afterAll(() => door.close())

test(`${REQUESTS} random requests find objects, Statuses, no page at all, and nothing else`, async () => {
  const random = new RandomStream(7, 'requests')
  const wrong: string[] = []
  for (let sent = 0; sent < REQUESTS && door.bugs.length === 0; sent += AT_ONCE) {
    const requests = Array.from({ length: AT_ONCE }, () => randomRequest(random))
    const answers = await Promise.all(requests.map(request => door.ask(request)))
    for (const [index, answer] of answers.entries()) {
      const why = complaint(requests[index]!, answer)
      if (why) wrong.push(why)
    }
  }
  expect(door.bugs).toEqual([])
  expect(wrong.slice(0, 10)).toEqual([])
  const { flow, metrics } = door
  expect(flow.inFlight).toEqual({ readOnly: 0, mutating: 0 })
  expect((await metrics.watches.get()).values.map(({ value }) => value)).toEqual([0])
  const { code } = await door.ask({ method: 'GET', path: '/api/v1/nodes', headers: {}, body: undefined })
  expect(code).toBe(200)
})

function complaint({ method, path, headers, body }: FuzzRequest, { code, text }: Answer): string | undefined {
  const isHealthy = code > 0 && code !== 500
  if (isHealthy && (code < 400 || method === 'HEAD' || isStatus(text) || isNoPage(code, text)))
    return undefined
  const sent = `${method} ${path.slice(0, 200)} ${JSON.stringify(headers)} ${String(body).slice(0, 600)}`
  return `${sent}: ${code} ${text.slice(0, 300)}`
}

const isNoPage = (code: number, text: string) => code === 404 && text === '404 page not found\n'

function isStatus(text: string): boolean {
  try {
    return (JSON.parse(text) as { kind?: string }).kind === 'Status'
  } catch {
    return /^kind: Status$/m.test(text)
  }
}
