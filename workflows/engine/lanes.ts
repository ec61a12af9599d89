import type { Side } from '../../flows/side.ts'

/** Chunks side by side towards one system, over all pages of a first load. */
export interface Lanes {
  /** Does the work once a lane towards `to` is free; first come, first served. */
  run<T>(to: Side, work: () => Promise<T>): Promise<T>
  /** True when every chunk that was handed in has a lane. */
  isNobodyWaiting(): boolean
}

/** @param counts how many lanes lead to each system */
export function openLanes(counts: Readonly<Record<Side, number>>): Lanes {
  const running = { erp: 0, shop: 0 }
  const waiting: Record<Side, (() => void)[]> = { erp: [], shop: [] }

  return {
    run: async (to, work) => {
      if (running[to] < counts[to]) running[to]++
      else await new Promise<void>((resolve) => waiting[to].push(resolve))
      try {
        return await work()
      } finally {
        // The lane is handed on without being let go, so nobody who comes later overtakes.
        const next = waiting[to].shift()
        if (next) next()
        else running[to]--
      }
    },
    isNobodyWaiting: () => waiting.erp.length === 0 && waiting.shop.length === 0,
  }
}
