import { type MonotonicClock, monotonicClock, reasonOf } from './monotonic-clock.ts'
import { type UsualLatency, usualLatencyOf } from './usual-latency.ts'

export type Priority = 'live' | 'backfill'

export type Grant =
  /** Send now, and say when the answer (or its failure) has come. */
  | { readonly kind: 'granted'; readonly answered: () => void }
  /** The system asked for a pause longer than anybody should wait inside a request. */
  | { readonly kind: 'paused'; readonly remainingMs: number }

/** One for each key and process. Requests go out evenly, live work first, each class in the order in which it came. */
export interface RateLimiter {
  /** Rejects with the signal's reason when the caller gives up waiting. */
  acquire(priority: Priority, signal: AbortSignal): Promise<Grant>
  /** The system said 429: nobody sends before `waitMs` have passed, and everybody sends a little slower for a while. */
  throttled(waitMs: number): void
  waiting(): number
  /** Requests a second that are aimed at now; null: as many as come. */
  currentRate(): number | null
}

export interface RateLimiterOptions {
  /** What the system allows; null: it names no limit, so one is learned from its first 429. */
  readonly requestsPerSecond: number | null
  readonly clock?: MonotonicClock
}

/**
 * Slower than allowed by this share. A server counts arrivals, which jitter by some milliseconds on their way: with none
 * to spare the eleventh request of a second would now and then be counted in it. The rest is 99.4 % of the rate.
 */
const spareShare = 0.006
/** So many may go at once after a rest: a read and the write that follows it. */
const burst = 2
/** A request that waited in the server's queue arrived late; later ones keep away from it by up to this much. */
const maxLatenessMs = 1_000
/** Differences this small are every answer's, and the spare share covers them. */
const usualJitterMs = 4
/** Longer pauses are the flow's to wait for, not a request's. */
const maxPauseMs = 10_000
const slowdownPerThrottle = 1.02
const maxSlowdown = 1.5
const recoveryMs = 10_000
const recoveryPerStep = 1.01
/**
 * Answers that take differently long were held up either on the way, before they were counted, or in the work itself,
 * after it. Up to this spread the careful guess costs little and is made; above it only for a while after a 429.
 */
const harmlessSpreadMs = 20
const carefulForMs = 60_000
/** Of a rate that was learned: how far below what was refused it starts, and how fast it probes upwards again. */
const learnedShare = 0.8
const learnedGrowth = 1.25
const learnedGrowthMs = 2_000
/** A 429 to the third request of a quiet second says little: the first guess is not below this, later ones may be. */
const leastFirstGuess = 5
const leastRate = 1
const unlimitedAbove = 1_000
const latenciesKept = 101
/** A sum of fractions may fall a hair short of one, which must not cost another timer. */
const rounding = 1e-6

interface Waiter {
  readonly resolve: (grant: Grant) => void
  readonly stopListening: () => void
}

interface Sent {
  readonly atMs: number
  answeredAtMs: number | null
}

export function createRateLimiter(options: RateLimiterOptions): RateLimiter {
  const clock = options.clock ?? monotonicClock
  const allowed = options.requestsPerSecond
  if (allowed !== null && !(allowed > 0)) throw new Error(`requestsPerSecond is ${allowed}: it must be above 0`)
  const queues: Readonly<Record<Priority, Set<Waiter>>> = { live: new Set(), backfill: new Set() }
  let learned: number | null = null
  let slowdown = 1
  let steppedAtMs = clock.nowMs()
  let pausedUntilMs = Number.NEGATIVE_INFINITY
  /** Fractions of requests that may go at once, at most `burst`; filled evenly, so that a late timer loses nothing. */
  let saved = burst
  let savedAtMs = clock.nowMs()
  let sent: Sent[] = []
  const latencies: number[] = []
  /** What the latencies say, worked out when somebody asks: without a limit nobody does. */
  let usual: UsualLatency | null = null
  let throttledAtMs = Number.NEGATIVE_INFINITY
  let takeBackTimer: (() => void) | null = null

  const rate = () => allowed ?? learned
  const intervalMs = (perSecond: number) => (1000 / perSecond) * (1 + spareShare) * slowdown
  /** How many may fall into how long: 10 into a second; 1 into two seconds for a rate of a half. */
  const windowCount = (perSecond: number) => Math.max(1, Math.floor(perSecond))

  function recover(nowMs: number): void {
    const stepMs = allowed === null ? learnedGrowthMs : recoveryMs
    while (nowMs - steppedAtMs >= stepMs) {
      if (slowdown === 1 && learned === null) {
        steppedAtMs = nowMs
        return
      }
      steppedAtMs += stepMs
      slowdown = Math.max(1, slowdown / recoveryPerStep)
      if (learned !== null) learned = learned > unlimitedAbove ? null : learned * learnedGrowth
    }
  }

  /** When the next request may go: not before the pause ends, an interval is saved up and the window has room. */
  function nextAtMs(nowMs: number): number {
    const perSecond = rate()
    if (perSecond === null) return pausedUntilMs
    const interval = intervalMs(perSecond)
    saved = Math.min(burst, saved + (nowMs - savedAtMs) / interval)
    savedAtMs = nowMs
    const savedUpAtMs = saved >= 1 - rounding ? nowMs : nowMs + (1 - saved) * interval
    return Math.max(pausedUntilMs, savedUpAtMs, windowHasRoomAtMs(perSecond))
  }

  /**
   * The burst alone would put eleven into some second (2 at once, then 9 more), so the tenth request back must be a whole
   * window away. It is as far away as it may have *arrived*: when its answer took longer than usual, it may have been
   * counted that much later than it was sent.
   */
  function windowHasRoomAtMs(perSecond: number): number {
    const count = windowCount(perSecond)
    const first = sent[sent.length - count]
    if (!first) return Number.NEGATIVE_INFINITY
    const windowMs = (count / perSecond) * 1000 * slowdown
    return first.atMs + windowMs * (1 + spareShare) + latenessMs(first, windowMs)
  }

  function latenessMs(request: Sent, windowMs: number): number {
    const tookMs = request.answeredAtMs === null ? windowMs : request.answeredAtMs - request.atMs
    usual ??= usualLatencyOf(latencies)
    const { quickestMs, typicalMs } = usual
    const isCareful = typicalMs - quickestMs <= harmlessSpreadMs || clock.nowMs() - throttledAtMs < carefulForMs
    const expectedMs = (isCareful ? quickestMs : typicalMs) + usualJitterMs
    return Math.min(maxLatenessMs, Math.max(0, tookMs - expectedMs))
  }

  function pump(): void {
    takeBackTimer?.()
    takeBackTimer = null
    for (;;) {
      const waiter = first(queues.live) ?? first(queues.backfill)
      if (!waiter) return
      const nowMs = clock.nowMs()
      recover(nowMs)
      if (pausedUntilMs - nowMs > maxPauseMs) {
        settle(waiter, { kind: 'paused', remainingMs: pausedUntilMs - nowMs })
        continue
      }
      const atMs = nextAtMs(nowMs)
      if (atMs > nowMs) {
        takeBackTimer = clock.after(atMs - nowMs, pump)
        return
      }
      settle(waiter, grantAt(nowMs))
    }
  }

  function grantAt(nowMs: number): Grant {
    saved = Math.max(0, saved - 1)
    const request: Sent = { atMs: nowMs, answeredAtMs: null }
    sent.push(request)
    if (sent.length > 4096) sent = sent.slice(-2048)
    return {
      kind: 'granted',
      answered: () => {
        if (request.answeredAtMs !== null) return
        request.answeredAtMs = clock.nowMs()
        latencies.push(request.answeredAtMs - request.atMs)
        if (latencies.length > latenciesKept) latencies.shift()
        usual = null
        if (takeBackTimer) pump()
      },
    }
  }

  function settle(waiter: Waiter, grant: Grant): void {
    queues.live.delete(waiter)
    queues.backfill.delete(waiter)
    waiter.stopListening()
    waiter.resolve(grant)
  }

  return {
    acquire: (priority, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) {
          reject(reasonOf(signal))
          return
        }
        const queue = queues[priority]
        const onAbort = () => {
          queue.delete(waiter)
          reject(reasonOf(signal))
        }
        const waiter: Waiter = { resolve, stopListening: () => signal.removeEventListener('abort', onAbort) }
        signal.addEventListener('abort', onAbort, { once: true })
        queue.add(waiter)
        pump()
      }),
    throttled: (waitMs) => {
      const nowMs = clock.nowMs()
      recover(nowMs)
      // Several requests in flight are refused together for one fault of ours: it counts once.
      const isNews = nowMs >= pausedUntilMs
      pausedUntilMs = Math.max(pausedUntilMs, nowMs + waitMs)
      // Nothing is saved up during a pause but the one request that ends it.
      saved = 1
      savedAtMs = pausedUntilMs
      throttledAtMs = nowMs
      if (isNews) {
        steppedAtMs = nowMs
        if (allowed !== null) slowdown = Math.min(maxSlowdown, slowdown * slowdownPerThrottle)
        else learned = learnedFrom(nowMs)
      }
      pump()
    },
    waiting: () => queues.live.size + queues.backfill.size,
    currentRate: () => {
      const perSecond = rate()
      return perSecond === null ? null : perSecond / slowdown
    },
  }

  function learnedFrom(nowMs: number): number {
    const lastSecond = sent.filter((request) => nowMs - request.atMs < 1000).length
    if (learned === null) return Math.max(leastFirstGuess, lastSecond * learnedShare)
    return Math.max(leastRate, Math.min(learned, lastSecond) * learnedShare)
  }
}

function first(waiters: ReadonlySet<Waiter>): Waiter | undefined {
  for (const waiter of waiters) return waiter
  return undefined
}

const shared = new Map<string, RateLimiter>()

/** The process's one limiter for `key`, which must not be a secret itself (a hash of it is fine). The first call sets the rate. */
export function limiterFor(key: string, requestsPerSecond: number | null): RateLimiter {
  const known = shared.get(key)
  if (known) return known
  const limiter = createRateLimiter({ requestsPerSecond })
  shared.set(key, limiter)
  return limiter
}
