import type { LinkedRow } from '../../flows/row.ts'

/** Orders under way side by side reach this point within so long of each other. */
const TOGETHER_MS = 30

export interface ItemsRowQueue {
  /** Resolves once the row is in the memory. */
  put(row: LinkedRow): Promise<void>
}

/**
 * Rows of lists go into the memory before anybody can see that their record is linked, or the flow of lists would pass by what
 * changes in between (E22). Records under way at the same time share one put.
 */
export function createItemsRowQueue(putTogether: (rows: readonly LinkedRow[]) => Promise<void>): ItemsRowQueue {
  let waiting: LinkedRow[] = []
  let next: Promise<void> | null = null

  return {
    put: (row) => {
      waiting.push(row)
      next ??= new Promise((resolve) => setTimeout(resolve, TOGETHER_MS)).then(() => {
        const rows = waiting
        waiting = []
        next = null
        return putTogether(rows)
      })
      return next
    },
  }
}
