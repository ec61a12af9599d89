import type { RecordKey } from '../../flows/side.ts'

/**
 * The records that are decided or applied at this moment, each by one chunk only (E9), and when others were let go.
 * Lives in one run: a run ends with empty hands.
 */
export interface Hand {
  readonly isFree: (key: RecordKey) => boolean
  readonly take: (keys: readonly RecordKey[]) => void
  readonly letGo: (keys: readonly RecordKey[]) => void
  readonly keys: () => RecordKey[]
  /** Marks the beginning of a read whose content will be used. */
  readonly beginRead: () => number
  readonly endRead: (mark: number) => void
  /** True when the record was in somebody's hand at any time since the read began: what was read may be older than what was done (E10). */
  readonly wasTouchedSince: (key: RecordKey, mark: number) => boolean
}

export function openHand(): Hand {
  const held = new Set<RecordKey>()
  const letGoAt = new Map<RecordKey, number>()
  const openReads = new Set<number>()
  let clock = 0

  return {
    isFree: (key) => !held.has(key),
    take: (keys) => {
      for (const key of keys) held.add(key)
    },
    letGo: (keys) => {
      clock++
      for (const key of keys) {
        held.delete(key)
        if (openReads.size > 0) letGoAt.set(key, clock)
      }
    },
    keys: () => [...held],
    beginRead: () => {
      const mark = ++clock
      openReads.add(mark)
      return mark
    },
    endRead: (mark) => {
      openReads.delete(mark)
      if (openReads.size === 0) letGoAt.clear()
    },
    wasTouchedSince: (key, mark) => held.has(key) || (letGoAt.get(key) ?? 0) > mark,
  }
}
