import type { Fault, FaultKind } from './fault-schema.ts'

/** How many faults fired. Planning and clearing leave them; only a reset begins anew. */
export interface FaultCountsReport {
  readonly total: number
  readonly byKind: Readonly<Partial<Record<FaultKind, number>>>
  /** Of byKind: those that let a write take effect and spoiled its answer. */
  readonly afterCommit: Readonly<Partial<Record<FaultKind, number>>>
}

export interface FaultCounts {
  /** @param by -1 takes one back that did not come to pass */
  add(fault: Fault, method: string | null, by?: 1 | -1): void
  report(): FaultCountsReport
  reset(): void
}

export function createFaultCounts(): FaultCounts {
  const byKind = new Map<FaultKind, number>()
  const afterCommit = new Map<FaultKind, number>()
  const add = (counts: Map<FaultKind, number>, kind: FaultKind, by: number) =>
    counts.set(kind, (counts.get(kind) ?? 0) + by)
  return {
    add(fault, method, by = 1) {
      add(byKind, fault.kind, by)
      if (fault.when !== 'before' && method !== null && method !== 'GET') add(afterCommit, fault.kind, by)
    },
    report: () => ({
      total: [...byKind.values()].reduce((sum, count) => sum + count, 0),
      byKind: shown(byKind),
      afterCommit: shown(afterCommit),
    }),
    reset() {
      byKind.clear()
      afterCommit.clear()
    },
  }
}

function shown(counts: ReadonlyMap<FaultKind, number>): Partial<Record<FaultKind, number>> {
  return Object.fromEntries([...counts].filter(([, count]) => count > 0))
}
