import { dateOnlyPropertyNames } from './schema.ts'
import type { Switches } from './settings.ts'

const dateOnlyProperties = dateOnlyPropertyNames()

/** True when some switch makes answers differ from what is stored; lists skip parsing otherwise. */
export function shapesAnything(switches: Switches): boolean {
  return (
    switches.responseKeyCasing !== 'pascal' ||
    switches.dateOnlyFields !== 'date' ||
    switches.timestampFraction !== 'seven' ||
    switches.timestampZone !== 'Z' ||
    switches.extraProperties !== 'off'
  )
}

/** The stored DTO as JSON text in the form the switches ask for. */
export function shapeJson(dto: Readonly<Record<string, unknown>>, switches: Switches): string {
  if (!shapesAnything(switches)) return JSON.stringify(dto)
  const shaped = shapeObject(dto, switches, 0)
  return JSON.stringify(switches.extraProperties === 'on' ? withExtras(shaped) : shaped)
}

function shapeObject(value: object, switches: Switches, depth: number): Record<string, unknown> {
  const camel = switches.responseKeyCasing === 'camel' || (switches.responseKeyCasing === 'camelNested' && depth > 0)
  return Object.fromEntries(
    Object.entries(value).map(([key, content]) => [
      camel ? key.charAt(0).toLowerCase() + key.slice(1) : key,
      shapeValue(key, content, switches, depth),
    ]),
  )
}

function shapeValue(key: string, content: unknown, switches: Switches, depth: number): unknown {
  if (Array.isArray(content)) {
    return content.map((entry: unknown) => shapeValue(key, entry, switches, depth))
  }
  if (typeof content === 'object' && content !== null) return shapeObject(content, switches, depth + 1)
  if (typeof content !== 'string') return content
  if (/Date[Tt]imeOffset$/.test(key)) return shapeTimestamp(content, switches)
  if (dateOnlyProperties.has(key)) return shapeDate(content, switches)
  return content
}

function shapeTimestamp(timestamp: string, switches: Switches): string {
  const zone = switches.timestampZone
  const seconds = zone === '+02:00' ? shiftedSeconds(timestamp, 2) : timestamp.slice(0, 19)
  const digits = timestamp.slice(20, 27)
  const suffix = zone === 'missing' ? '' : zone
  return seconds + shapeFraction(digits, switches) + suffix
}

function shapeFraction(digits: string, switches: Switches): string {
  if (switches.timestampFraction === 'trimmed') {
    const trimmed = digits.replace(/0+$/, '')
    return trimmed === '' ? '' : `.${trimmed}`
  }
  if (switches.timestampFraction === 'noneWhenZero' && /^0+$/.test(digits)) return ''
  return `.${digits}`
}

function shiftedSeconds(timestamp: string, hours: number): string {
  const shifted = new Date(Date.parse(`${timestamp.slice(0, 19)}Z`) + hours * 3_600_000)
  return shifted.toISOString().slice(0, 19)
}

function shapeDate(date: string, switches: Switches): string {
  // One DTO's date is another's date-time of the same name.
  if (date.length !== 10) return date
  if (switches.dateOnlyFields === 'withTime') return `${date}T00:00:00`
  if (switches.dateOnlyFields === 'withTimeZ') return `${date}T00:00:00Z`
  return date
}

// Enums nobody synchronises, one of each entity that has such: their values may be strange without harm.
const growingEnums = new Set(['reminderdeliverytype', 'standardsalesaccountagriculturedepartment'])

/** What a future version may send: properties and enum values nobody has heard of (README.md). */
function withExtras(dto: Record<string, unknown>): Record<string, unknown> {
  const enumKey = Object.keys(dto).find((key) => growingEnums.has(key.toLowerCase()))
  return {
    ...dto,
    ...(enumKey ? { [enumKey]: 'CarrierPigeon' } : {}),
    PropertyFromTheFuture: { Answer: 42, Tags: ['unknown'] },
  }
}
