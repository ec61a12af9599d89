/** "Today" of the seeds. Fixed, so that they are the same on every day. */
export const referenceDate = '2026-11-01'

const dayMs = 24 * 60 * 60 * 1000
const referenceMs = Date.parse(`${referenceDate}T12:00:00Z`)
/** Reaches over the end of summer time, where a day in Oslo and the day in UTC differ by another hour. */
const spanDays = 60

/** YYYY-MM-DD */
export function daysBefore(days: number): string {
  return new Date(referenceMs - days * dayMs).toISOString().slice(0, 10)
}

/**
 * When the order of this place was made, of so many spread over the last two months, oldest first. Two were made shortly
 * after midnight in Oslo, once in summer and once in winter time: their day there is not their day in UTC.
 */
export function orderedAt(place: number, of: number): string {
  const time = new Date(referenceMs - spanDays * dayMs + Math.floor(((place + 1) / (of + 1)) * spanDays * dayMs))
  if (place === Math.floor(of / 4)) time.setUTCHours(22, 10, 0, 0)
  if (place === Math.floor(of * 0.97)) time.setUTCHours(23, 30, 0, 0)
  return time.toISOString()
}
