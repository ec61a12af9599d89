import { parseTimestamp } from './clock.ts'
import type { Condition } from './entity-store.ts'
import { Problem } from './problem.ts'

/** How one query key selects rows. `later` ones are missing from the 2025 descriptions (switch laterFilters). */
export interface Filter {
  readonly name: string
  readonly later?: boolean
  condition(value: string): Condition
}

export function changedAfter(name: string, column: string): Filter {
  return {
    name,
    condition(value) {
      const after = parseTimestamp(value)
      if (after === null)
        throw new Problem(400, 'Unable to cast object(s)', `${name} is not a date and time: '${value}'.`)
      // Strictly after: the spec calls the filter not inclusive (README.md).
      return { sql: `${column} > ?`, values: [after] }
    },
  }
}

export function numberRanges(name: string, column: string): Filter {
  return {
    name,
    condition(value) {
      const ranges = value.split(',').map((part) => parseRange(name, part.trim()))
      return {
        sql: ranges.map(() => `${column} BETWEEN ? AND ?`).join(' OR '),
        values: ranges.flatMap((range) => [range.from, range.to]),
      }
    },
  }
}

/** Exactly this text, blanks around it aside. */
export function oneText(name: string, column: string): Filter {
  return { name, condition: (value) => ({ sql: `${column} = ?`, values: [value.trim()] }) }
}

export function textList(
  name: string,
  column: string,
  options: { readonly later?: boolean; readonly normalise?: (text: string) => string } = {},
): Filter {
  const normalise = options.normalise ?? ((text: string) => text)
  return {
    name,
    later: options.later ?? false,
    condition(value) {
      const texts = value
        .split(',')
        .map((text) => normalise(text.trim()))
        .filter((text) => text !== '')
      return { sql: `${column} IN (SELECT value FROM json_each(?))`, values: [JSON.stringify(texts)] }
    },
  }
}

function parseRange(name: string, part: string): { from: number; to: number } {
  const match = /^(\d{1,15})(?:\s*(-)\s*(\d{1,15})?)?$/.exec(part)
  if (!match) {
    throw new Problem(
      400,
      'Unable to cast object(s)',
      `Unable to cast '${part}' in ${name} to a number. Allowed separators: ',' between values and '-' in ranges.`,
    )
  }
  const from = Number(match[1])
  if (match[2] === undefined) return { from, to: from }
  return { from, to: match[3] === undefined ? Number.MAX_SAFE_INTEGER : Number(match[3]) }
}
