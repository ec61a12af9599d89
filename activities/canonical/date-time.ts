/**
 * Milliseconds since 1970, fractions beyond them cut off: PowerOffice sends seven digits, or none. null for what is no
 * time, for one without an offset (whose clock is anybody's guess) and for .NET's "no time", the year 1.
 */
export function parseInstantMs(text: string): number | null {
  const found = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(?:\.(\d+))? ?(Z|[+-]\d{2}:\d{2})$/.exec(text)
  if (!found) return null
  const [, day = '', time = '', fraction = '', offset = ''] = found
  if (!isCalendarDay(day)) return null
  const instantMs = Date.parse(`${day}T${time}.${fraction.slice(0, 3).padEnd(3, '0')}${offset}`)
  return Number.isNaN(instantMs) || instantMs < 0 ? null : instantMs
}

export function isCalendarDay(day: string): boolean {
  const midnightMs = Date.parse(`${day}T00:00:00Z`)
  // A 31st of April is taken for the 1st of May, and nothing else moves the day.
  return !Number.isNaN(midnightMs) && new Date(midnightMs).getUTCDate() === Number(day.slice(-2))
}

const osloDay = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'Europe/Oslo',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
})

/** The calendar day in Norway at an instant: an order placed at 23:30 UTC in winter is of the next day. */
export function osloDayOf(instantMs: number): string {
  return osloDay.format(instantMs)
}
