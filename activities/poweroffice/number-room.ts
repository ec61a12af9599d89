import type { RoomNotice } from '../../flows/port.ts'

export interface NumberSeries {
  readonly name: string
  readonly isDefault: boolean
  readonly from: number
  /** The last number is part of the series. */
  readonly to: number
}

/** Below this share of free numbers a person is told, long before PowerOffice refuses the first record. */
const LOW_SHARE = 0.1

/**
 * Whether the series that new customers get their numbers from is about to run out. Pure. PowerOffice numbers a customer
 * from the default series when none is sent (sandbox/poweroffice/README.md), so the others do not count.
 */
export function roomInSeries(series: readonly NumberSeries[], usedNumbers: readonly number[]): RoomNotice | null {
  const serving = series.find((candidate) => candidate.isDefault) ?? (series.length === 1 ? series[0] : undefined)
  if (!serving) return null
  const size = serving.to - serving.from + 1
  const used = new Set(usedNumbers.filter((number) => number >= serving.from && number <= serving.to)).size
  const free = size - used
  const range = `${serving.from} to ${serving.to}`
  if (free <= 0) {
    return {
      level: 'full',
      message: `PowerOffice has no free customer number left (${range}), so no customer is created there: widen the number series in PowerOffice Go, under Settings.`,
    }
  }
  if (free >= size * LOW_SHARE) return null
  return {
    level: 'low',
    message: `PowerOffice has ${free} of ${size} customer numbers left (${range}): widen the number series in PowerOffice Go, under Settings, before they run out.`,
  }
}
