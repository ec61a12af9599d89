/** What arrived and what was answered since the last reset: the figures that budget tests read. */
export interface CountsReport {
  /** By method and path of the description, throttled requests included; the token call is "POST /OAuth/Token". */
  readonly byRoute: Readonly<Record<string, number>>
  /** By status; "reset" and "hang" are answers that never came. */
  readonly byStatus: Readonly<Record<string, number>>
  /** POST, PATCH and DELETE under /v2 that reached their handler, whatever it then answered. */
  readonly writes: number
  readonly throttled: number
}

export interface Counts {
  request(route: string): void
  answer(status: number | 'reset' | 'hang'): void
  write(): void
  throttle(): void
  report(): CountsReport
  reset(): void
}

export function createCounts(): Counts {
  const byRoute = new Map<string, number>()
  const byStatus = new Map<string, number>()
  let writes = 0
  let throttled = 0
  const add = (counters: Map<string, number>, key: string) => counters.set(key, (counters.get(key) ?? 0) + 1)
  return {
    request: (route) => void add(byRoute, route),
    answer: (status) => void add(byStatus, String(status)),
    write: () => {
      writes += 1
    },
    throttle: () => {
      throttled += 1
    },
    report: () => ({
      byRoute: Object.fromEntries(byRoute),
      byStatus: Object.fromEntries(byStatus),
      writes,
      throttled,
    }),
    reset() {
      byRoute.clear()
      byStatus.clear()
      writes = 0
      throttled = 0
    },
  }
}
