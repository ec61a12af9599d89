import { parseTimestamp } from './clock.ts'
import type { Condition } from './entity-store.ts'
import { malformed, Problem } from './problem.ts'
import { dtoSchema } from './schema.ts'
import type { Switches } from './settings.ts'

/** How one query key selects rows. `later` ones are missing from the 2025 descriptions (switch laterFilters). */
export interface Filter {
  readonly name: string
  readonly later?: boolean
  condition(value: string, switches: Switches): Condition
  /** What holds when nobody asks. */
  whenAbsent?(): Condition
}

/** @param boundary 'switchable' where the description says "after" and no more (switch watermarkBoundary) */
export function changedAfter(
  name: string,
  column: string,
  { boundary = 'exclusive' }: { readonly boundary?: 'exclusive' | 'switchable' } = {},
): Filter {
  return {
    name,
    condition(value, { watermarkBoundary }) {
      const after = parseTimestamp(value)
      if (after === null)
        throw new Problem(400, 'Unable to cast object(s)', `${name} is not a date and time: '${value}'.`)
      // Strictly after: the spec calls the filter not inclusive (README.md).
      const operator = boundary === 'switchable' && watermarkBoundary === 'inclusive' ? '>=' : '>'
      return { sql: `${column} ${operator} ?`, values: [after] }
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

/** true or false, in any casing. The column holds 1 or 0. */
export function flag(name: string, column: string): Filter {
  return {
    name,
    condition: (value) => ({ sql: `${column} = ?`, values: [Number(readFlag(name, value))] }),
  }
}

export function readFlag(name: string, value: string): boolean {
  const text = value.trim().toLowerCase()
  if (text !== 'true' && text !== 'false') throw malformed(`The value '${value}' is not valid for ${name}.`, name)
  return text === 'true'
}

/** One of the names of an enum of the description, in any casing. */
export function enumName(name: string, column: string, schemaName: string): Filter {
  const names = dtoSchema(schemaName).enum ?? []
  return {
    name,
    condition(value) {
      const known = names.find((candidate) => candidate.toLowerCase() === value.trim().toLowerCase())
      if (!known) throw malformed(`The value '${value}' is not valid for ${name}.`, name)
      return { sql: `${column} = ?`, values: [known] }
    },
  }
}

/** Whole numbers, comma separated, without ranges or signs. `assertKnown` may refuse those that name nobody. */
export function idList(
  name: string,
  condition: (ids: readonly number[]) => Condition,
  assertKnown: (ids: readonly number[]) => void = () => undefined,
): Filter {
  return {
    name,
    condition(value) {
      const ids = value.split(',').map((part) => {
        if (/^\s*\d{1,15}\s*$/.test(part)) return Number(part)
        throw new Problem(
          400,
          'Unable to cast object(s)',
          `Unable to cast '${part.trim()}' in ${name} to a number. Allowed separator: ','.`,
        )
      })
      assertKnown(ids)
      return condition(ids)
    },
  }
}

/** A property that no record of the sandbox ever has a value in. */
export function neverSet(name: string): Filter {
  return { name, condition: () => ({ sql: '0', values: [] }) }
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
