import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { PriorityLevel, type Ticket } from './level.ts'
import { boundsOf, divide, SERVER_SEATS } from './seats.ts'
import { deal, hashFlow } from './shuffle.ts'

let nowMs = 0
const ticket = (distinguisher: string, seats = 1): Ticket => ({
  schema: 's',
  distinguisher,
  hash: hashFlow('s', distinguisher),
  seats,
  arrivedMs: nowMs,
})
const queuing = (queues: number, handSize: number, queueLengthLimit: number) => ({
  type: 'Limited',
  limited: { limitResponse: { type: 'Queue', queuing: { queues, handSize, queueLengthLimit } } },
})
const seats = (nominal: number) => ({ nominal, least: nominal, most: nominal })
const waits = () => new AbortController().signal

function levelWith(nominal: number, spec: ConstructorParameters<typeof Object>[0]): PriorityLevel {
  const level = new PriorityLevel('l', () => nowMs)
  level.configure(spec, seats(nominal))
  return level
}

/** Lets those go on that have got what they waited for. */
const settle = () => new Promise(resolve => setImmediate(resolve))

test('as many execute as there are seats; the next one is told so where nobody queues', async () => {
  const level = levelWith(2, { type: 'Limited', limited: { limitResponse: { type: 'Reject' } } })
  const first = ticket('a')
  expect(await level.enter(first, waits())).toBeUndefined()
  expect(await level.enter(ticket('b'), waits())).toBeUndefined()
  expect(await level.enter(ticket('c'), waits())).toBe('concurrency-limit')
  level.leave(first)
  expect(await level.enter(ticket('c'), waits())).toBeUndefined()
  expect(level.counts).toMatchObject({ dispatched: 3, rejected: 1 })
})

test('where they queue, whoever waits gets the seat that is left, until a queue is full', async () => {
  const level = levelWith(1, queuing(1, 1, 2))
  const first = ticket('a')
  await level.enter(first, waits())
  const done: string[] = []
  const second = ticket('b')
  void level.enter(second, waits()).then(rejection => done.push(`second ${rejection}`))
  void level.enter(ticket('c'), waits()).then(rejection => done.push(`third ${rejection}`))
  expect(await level.enter(ticket('d'), waits())).toBe('queue-full')
  expect(level.waiting).toBe(2)
  level.leave(first)
  await settle()
  expect(done).toEqual(['second undefined'])
  level.leave(second)
  await settle()
  expect(done).toEqual(['second undefined', 'third undefined'])
})

test('a flow with one request is served among the hundred of another', async () => {
  const level = levelWith(1, queuing(64, 6, 50))
  let executing = ticket('busy')
  await level.enter(executing, waits())
  const order: string[] = []
  const enter = (one: Ticket) =>
    level.enter(one, waits()).then(() => {
      order.push(one.distinguisher)
      executing = one
    })
  for (let i = 0; i < 100; i++) void enter(ticket('busy'))
  void enter(ticket('modest'))
  while (order.length < 101) {
    nowMs += 10
    level.leave(executing)
    await settle()
  }
  expect(order.indexOf('modest')).toBeLessThan(10)
})

test('who has waited a quarter of a minute is sent away, and who has gone is forgotten', async () => {
  vi.useFakeTimers()
  try {
    const level = levelWith(1, queuing(1, 1, 50))
    await level.enter(ticket('a'), waits())
    const late = level.enter(ticket('b'), waits())
    const gone = new AbortController()
    const left = level.enter(ticket('c'), gone.signal)
    gone.abort()
    expect(await left).toBe('cancelled')
    vi.advanceTimersByTime(15_000)
    expect(await late).toBe('time-out')
    expect(level.counts).toMatchObject({ timedOut: 1, cancelled: 1 })
    expect(level.waiting).toBe(0)
  } finally {
    vi.useRealTimers()
  }
})

test('a wide request waits for room; one wider than the level has it to itself', async () => {
  const level = levelWith(3, queuing(1, 1, 50))
  const narrow = ticket('a', 2)
  await level.enter(narrow, waits())
  const wide = ticket('b', 10)
  let isIn = false
  void level.enter(wide, waits()).then(() => {
    isIn = true
  })
  await settle()
  expect(isIn).toBe(false)
  level.leave(narrow)
  await settle()
  expect(isIn).toBe(true)
  expect(level.taken).toBe(10)
  level.leave(wide)
  expect(level.taken).toBe(0)
})

test('whoever waits is in the new queues after their number has changed, and has a seat when there are more', async () => {
  const level = levelWith(1, queuing(4, 2, 50))
  await level.enter(ticket('a'), waits())
  const second = level.enter(ticket('b'), waits())
  level.configure(queuing(8, 2, 50), seats(1))
  expect(level.waiting).toBe(1)
  level.configure(queuing(8, 2, 50), seats(2))
  expect(await second).toBeUndefined()
})

test('a hand has different cards of the deck, the same for the same flow', () => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.integer({ min: 1, max: 200 }),
      fc.integer({ min: 1, max: 10 }),
      (flow, deck, size) => {
        const hand = deal(hashFlow('s', flow), deck, size)
        expect(hand).toEqual(deal(hashFlow('s', flow), deck, size))
        expect(new Set(hand).size).toBe(Math.min(size, deck))
        for (const card of hand) expect(card).toBeLessThan(deck)
      },
    ),
  )
})

test('seats are shared by shares, and what is lent can be borrowed', () => {
  const limited = (nominalConcurrencyShares: number, lendablePercent: number) => ({
    type: 'Limited',
    limited: { nominalConcurrencyShares, lendablePercent },
  })
  expect(boundsOf(limited(20, 50), 245)).toEqual({ nominal: 49, least: 24, most: 600 })
  expect(
    boundsOf({ type: 'Limited', limited: { nominalConcurrencyShares: 30, borrowingLimitPercent: 10 } }, 300),
  ).toEqual({
    nominal: 60,
    least: 60,
    most: 66,
  })
  // One wants much, the others nothing.
  expect(
    divide(SERVER_SEATS, [
      { target: 500, least: 50, most: 600 },
      { target: 0, least: 25, most: 600 },
      { target: 0, least: 100, most: 600 },
    ]),
  ).toEqual([475, 25, 100])
})

test('divided seats are within their bounds, and all of them where that can be', () => {
  const wish = fc
    .tuple(fc.nat(300), fc.nat(300), fc.nat(300))
    .map(([least, more, target]) => ({ least, most: least + more, target }))
  fc.assert(
    fc.property(fc.array(wish, { minLength: 1, maxLength: 9 }), fc.nat(2000), (wishes, total) => {
      const seats = divide(total, wishes)
      seats.forEach((given, i) => {
        expect(given).toBeGreaterThanOrEqual(wishes[i]!.least)
        expect(given).toBeLessThanOrEqual(wishes[i]!.most)
      })
      const sum = (of: 'least' | 'most') => wishes.reduce((all, one) => all + one[of], 0)
      const reachable = Math.min(sum('most'), Math.max(sum('least'), total))
      expect(Math.abs(seats.reduce((all, one) => all + one, 0) - reachable)).toBeLessThanOrEqual(
        wishes.length,
      )
    }),
  )
})
