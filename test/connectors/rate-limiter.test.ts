import { setMaxListeners } from 'node:events'
import { describe, expect, test } from 'vitest'
import { createRateLimiter, type Priority, type RateLimiter } from '../../activities/http/rate-limiter.ts'
import { createSimulatedClock, type SimulatedClock, seededRandom } from './simulated-clock.ts'

const never = new AbortController().signal
setMaxListeners(0, never)

/** Arrival times of one run, and how often a server that allows ten a second would have refused. */
interface Run {
  readonly sentAtMs: readonly number[]
  readonly refused: number
}

type Counting = { readonly kind: 'sliding' } | { readonly kind: 'fixed'; readonly phaseMs: number }

const everyCounting: readonly Counting[] = [
  { kind: 'sliding' },
  ...[0, 137, 250, 499, 731, 990].map((phaseMs) => ({ kind: 'fixed', phaseMs }) as const),
]

/** `count` requests wait from the beginning; each reaches the server after a delay and is answered after another. */
async function backlog(options: {
  readonly count: number
  readonly counting: Counting
  readonly wayMs: (sentAtMs: number) => number
  readonly timerLatenessMs: () => number
}): Promise<Run> {
  const clock = createSimulatedClock(options.timerLatenessMs)
  const limiter = createRateLimiter({ requestsPerSecond: 10, clock })
  const arrivals: number[] = []
  const sentAtMs: number[] = []
  let refused = 0
  const arrive = () => {
    const now = clock.nowMs()
    const isCounted = (at: number) =>
      options.counting.kind === 'sliding'
        ? now - at < 1000
        : Math.floor((at + options.counting.phaseMs) / 1000) === Math.floor((now + options.counting.phaseMs) / 1000)
    if (arrivals.filter(isCounted).length >= 10) refused += 1
    else arrivals.push(now)
  }
  for (let index = 0; index < options.count; index += 1) {
    void limiter.acquire('backfill', never).then((grant) => {
      sentAtMs.push(clock.nowMs())
      const wayMs = options.wayMs(clock.nowMs())
      clock.after(wayMs, () => {
        arrive()
        clock.after(3, () => grant.kind === 'granted' && grant.answered())
      })
    })
  }
  await clock.advance((options.count / 10) * 1300 + 5_000)
  return { sentAtMs, refused }
}

function ratePerSecond({ sentAtMs }: Run): number {
  const [first = 0] = sentAtMs
  const last = sentAtMs.at(-1) ?? 0
  return ((sentAtMs.length - 1) / (last - first)) * 1000
}

describe('E26: a backlog of requests to a system that takes ten a second', () => {
  test.each(everyCounting)(
    'uses at least 98 % of the rate and is never refused ($kind second, phase $phaseMs)',
    async (counting) => {
      const random = seededRandom(7)
      const run = await backlog({
        count: 600,
        counting,
        wayMs: () => 2 + random() * 3,
        timerLatenessMs: () => random() * 1.2,
      })
      expect(run.sentAtMs).toHaveLength(600)
      expect(run.refused).toBe(0)
      expect(ratePerSecond(run)).toBeGreaterThanOrEqual(9.8)
    },
  )

  test('is not refused when the server stalls and counts what it held up late', async () => {
    const random = seededRandom(11)
    const run = await backlog({
      count: 300,
      counting: { kind: 'sliding' },
      // Once in seven seconds everything sent within 200 ms arrives together at their end.
      wayMs: (sentAtMs) => (sentAtMs % 7000 < 200 ? 200 - (sentAtMs % 7000) + 2 : 2 + random() * 2),
      timerLatenessMs: () => random(),
    })
    expect(run.sentAtMs).toHaveLength(300)
    expect(run.refused).toBe(0)
    expect(ratePerSecond(run)).toBeGreaterThanOrEqual(9.4)
  })
})

async function grantsWithin(limiter: RateLimiter, clock: SimulatedClock, ms: number, count: number): Promise<number[]> {
  const times: number[] = []
  for (let index = 0; index < count; index += 1) {
    void limiter.acquire('live', never).then((grant) => {
      times.push(clock.nowMs())
      if (grant.kind === 'granted') grant.answered()
    })
  }
  await clock.advance(ms)
  return times
}

test('E26: after a rest two requests go at once and the third waits for its turn', async () => {
  const clock = createSimulatedClock()
  const limiter = createRateLimiter({ requestsPerSecond: 10, clock })
  await clock.advance(60_000)
  const times = await grantsWithin(limiter, clock, 250, 4)
  expect(times.map((time) => Math.round(time - 60_000))).toEqual([0, 0, 101, 201])
})

test('E26: live work goes before backfill, and each in the order in which it came', async () => {
  const clock = createSimulatedClock()
  const limiter = createRateLimiter({ requestsPerSecond: 10, clock })
  const order: string[] = []
  const ask = (priority: Priority, name: string) =>
    void limiter.acquire(priority, never).then((grant) => {
      order.push(name)
      if (grant.kind === 'granted') grant.answered()
    })
  for (const name of ['b1', 'b2', 'b3', 'b4']) ask('backfill', name)
  await clock.advance(1)
  ask('live', 'l1')
  ask('live', 'l2')
  await clock.advance(1000)
  expect(order).toEqual(['b1', 'b2', 'l1', 'l2', 'b3', 'b4'])
})

test('a caller that is cancelled leaves the queue with its own reason and costs no turn', async () => {
  const clock = createSimulatedClock()
  const limiter = createRateLimiter({ requestsPerSecond: 1, clock })
  const caller = new AbortController()
  await limiter.acquire('live', never)
  const waiting = limiter.acquire('live', caller.signal)
  const refusal = expect(waiting).rejects.toThrow('the activity was cancelled')
  caller.abort(new Error('the activity was cancelled'))
  await refusal
  expect(limiter.waiting()).toBe(0)
})

test('a signal that has fired already is refused at once', async () => {
  const limiter = createRateLimiter({ requestsPerSecond: 1, clock: createSimulatedClock() })
  await expect(limiter.acquire('live', AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late')
})

test('after a 429 nobody sends before the time that it named, live work included', async () => {
  const clock = createSimulatedClock()
  const limiter = createRateLimiter({ requestsPerSecond: 10, clock })
  limiter.throttled(3_000)
  const early = await grantsWithin(limiter, clock, 2_999, 3)
  expect(early).toEqual([])
  await clock.advance(1_000)
  expect(limiter.waiting()).toBe(0)
})

test('a 429 slows everything down a little, once for all that were refused together, and time heals it', async () => {
  const clock = createSimulatedClock()
  const limiter = createRateLimiter({ requestsPerSecond: 10, clock })
  limiter.throttled(1_000)
  limiter.throttled(1_000)
  limiter.throttled(1_000)
  expect(limiter.currentRate()).toBeCloseTo(10 / 1.02, 5)
  await clock.advance(120_000)
  await grantsWithin(limiter, clock, 100, 1)
  expect(limiter.currentRate()).toBe(10)
})

test('a pause longer than a request should wait is an answer, for those who wait already too', async () => {
  const clock = createSimulatedClock()
  const limiter = createRateLimiter({ requestsPerSecond: 10, clock })
  limiter.throttled(5_000)
  const waiting = limiter.acquire('live', never)
  limiter.throttled(60_000)
  expect(await waiting).toEqual({ kind: 'paused', remainingMs: 60_000 })
  expect(await limiter.acquire('backfill', never)).toEqual({ kind: 'paused', remainingMs: 60_000 })
})

test('without a known limit everything goes at once until a 429 teaches one', async () => {
  const clock = createSimulatedClock()
  const limiter = createRateLimiter({ requestsPerSecond: null, clock })
  expect(limiter.currentRate()).toBeNull()
  expect(await grantsWithin(limiter, clock, 0, 50)).toHaveLength(50)
  limiter.throttled(1_000)
  expect(limiter.currentRate()).toBe(40)
  await clock.advance(1_000)
  const times = await grantsWithin(limiter, clock, 1_000, 200)
  expect(times.length).toBeGreaterThan(35)
  expect(times.length).toBeLessThanOrEqual(41)
})

test.each([0, -1, Number.NaN])('a rate of %s is a mistake of the programmer', (requestsPerSecond) => {
  expect(() => createRateLimiter({ requestsPerSecond })).toThrow('must be above 0')
})
