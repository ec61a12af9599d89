/** A bucket that holds one second's worth of requests and fills evenly. Time comes in as an argument. */
export interface RateLimit {
  /** @returns seconds to wait, whole as Retry-After wants them; 0 lets the request through */
  take(requestsPerSecond: number | 'off', nowMs: number): number
}

export function openRateLimit(): RateLimit {
  let tokens = Number.POSITIVE_INFINITY
  let filledAtMs = 0
  return {
    take: (requestsPerSecond, nowMs) => {
      if (requestsPerSecond === 'off') return 0
      // At least one, or a rate below one a second would never let anything through.
      const capacity = Math.max(1, requestsPerSecond)
      tokens = Math.min(capacity, tokens + ((nowMs - filledAtMs) / 1000) * requestsPerSecond)
      filledAtMs = nowMs
      if (tokens < 1) return Math.max(1, Math.ceil((1 - tokens) / requestsPerSecond))
      tokens -= 1
      return 0
    },
  }
}
