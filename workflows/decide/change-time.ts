import type { Reading } from '../../flows/reading.ts'

/** Closer than this, two times say nothing about which edit came later: the clocks are not that good (rule 5). */
export const TOO_CLOSE_MS = 5_000

/**
 * When a field changed on one side, by our clock (rule 5): its group's own time; else the record's, unless our own last
 * write gave the record that time; else when our read first saw the change. null: unknown.
 */
export function changeTime(
  reading: Reading,
  field: string,
  ownWrite: string,
  firstSeenMs: number | null,
): number | null {
  const ofGroup = reading.groupChangedAtMs[field]
  if (ofGroup !== undefined) return ofGroup
  if (reading.changedAtMs !== null && reading.changeMark !== ownWrite) return reading.changedAtMs
  return firstSeenMs
}

/** The side whose edit is later; `unclear` when the times are unknown or too close, and PowerOffice wins. */
export function laterSide(erpMs: number | null, shopMs: number | null): 'erp' | 'shop' | 'unclear' {
  if (erpMs === null || shopMs === null || Math.abs(erpMs - shopMs) < TOO_CLOSE_MS) return 'unclear'
  return erpMs > shopMs ? 'erp' : 'shop'
}
