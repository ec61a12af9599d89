/** Requests per second and subscription key, counted over the last second (README.md: ten). */
export interface RateLimiter {
  /** Null when the request may pass, otherwise the milliseconds until one may. */
  take(key: string, perSecond: number | 'off'): number | null
}

const windowMs = 1000

/** A sliding second: the strict reading, as a fixed one would let twice the limit through at its edge. */
export function createRateLimiter(nowMs: () => number = () => performance.now()): RateLimiter {
  const passed = new Map<string, number[]>()
  return {
    take(key, perSecond) {
      if (perSecond === 'off') return null
      const now = nowMs()
      const recent = (passed.get(key) ?? []).filter((at) => now - at < windowMs)
      passed.set(key, recent)
      if (recent.length < perSecond) {
        recent.push(now)
        return null
      }
      // The oldest of the last `perSecond` requests has to leave the window first.
      const leaving = recent[recent.length - perSecond] ?? now
      return Math.max(1, windowMs - (now - leaving))
    },
  }
}
