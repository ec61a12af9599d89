/**
 * PowerOffice's times as 100 ns ticks since 1970. Seven fractional digits are sent and `Date` keeps three, so nothing is
 * compared through it. Missing fractions, other offsets and a missing zone (= UTC) have been seen (sandbox/poweroffice/README.md).
 */
const form = /^\s*(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?\s*(Z|[+-]\d\d:?\d\d)?\s*$/i

const ticksPerMs = 10_000n

export function parseTicks(text: string): bigint | null {
  const match = form.exec(text)
  if (!match) return null
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone = 'Z'] = match
  const ms = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second))
  if (Number.isNaN(ms)) return null
  return BigInt(ms - zoneMs(zone)) * ticksPerMs + BigInt(fraction.padEnd(7, '0').slice(0, 7))
}

export function formatTicks(ticks: bigint): string {
  const ms = msOfTicks(ticks)
  const rest = ticks % ticksPerMs
  return `${new Date(ms).toISOString().slice(0, -1)}${rest.toString().padStart(4, '0')}Z`
}

export function ticksOfMs(ms: number): bigint {
  return BigInt(Math.floor(ms)) * ticksPerMs
}

/** Fractions of a millisecond are cut off. */
export function msOfTicks(ticks: bigint): number {
  return Number(ticks / ticksPerMs)
}

function zoneMs(zone: string): number {
  if (zone.toUpperCase() === 'Z') return 0
  const sign = zone.startsWith('-') ? -1 : 1
  return sign * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2))) * 60_000
}
