/** The first answers come over new connections and tell nothing of how quick the later ones will be. */
const latenciesToTrust = 10

/** How long a system's answers take. */
export interface UsualLatency {
  readonly quickestMs: number
  readonly typicalMs: number
}

export function usualLatencyOf(latencies: readonly number[]): UsualLatency {
  return {
    quickestMs: latencies.length < latenciesToTrust ? 0 : Math.min(...latencies),
    typicalMs: median(latencies),
  }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}
