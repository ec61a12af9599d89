import type { Fault } from './fault-schema.ts'

/** What `latencyMs` is when nobody says. */
export const defaultLatencyMs = 1000
/** A long tail is cut here, so that one draw does not end a test run. */
const defaultMaxLatencyMs = 30_000

/**
 * Whole milliseconds to wait, drawn from the fault's distribution: `fixed` latencyMs; `uniform` latencyMs and up to jitterMs
 * more; `lognormal` with latencyMs as its median and sigma (1); `pareto` with latencyMs as its least and alpha (1.5).
 * @param fraction drawn twice, whatever the distribution, so that a change of it moves no other draw
 */
export function drawDelayMs(fault: Fault, fraction: () => number): number {
  const latencyMs = fault.latencyMs ?? defaultLatencyMs
  const [one, other] = [fraction(), fraction()]
  return Math.round(Math.min(drawn(), fault.maxLatencyMs ?? Math.max(defaultMaxLatencyMs, latencyMs)))

  function drawn(): number {
    switch (fault.distribution ?? 'uniform') {
      case 'fixed':
        return latencyMs
      case 'uniform':
        return latencyMs + one * (fault.jitterMs ?? 0)
      case 'lognormal':
        return latencyMs * Math.exp((fault.sigma ?? 1) * normal(one, other))
      case 'pareto':
        return latencyMs / (1 - one) ** (1 / (fault.alpha ?? 1.5))
    }
  }
}

/** Box and Muller: two fractions become one draw of the standard normal distribution. */
function normal(one: number, other: number): number {
  return Math.sqrt(-2 * Math.log(1 - one)) * Math.cos(2 * Math.PI * other)
}
