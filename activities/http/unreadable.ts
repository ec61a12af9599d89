import { createHash } from 'node:crypto'
import type { z } from 'zod'
import type { ParsedRecord } from '../connector.ts'
import { problemOf } from './parse-problem.ts'

/** Where and why a record does not parse. No value is repeated: inbox and logs are no place for one. */
export function unreadableOf(
  id: string,
  error: z.ZodError,
  raw: unknown,
): ParsedRecord & { readonly kind: 'unreadable' } {
  const [issue] = error.issues
  return {
    kind: 'unreadable',
    id,
    path: issue?.path.join('.') ?? '',
    problem: problemOf(issue),
    rawText: rawTextOf(raw),
  }
}

/** Asked for by its id a record says that it is another one: nothing that it shows is taken for the record's. */
export function anotherRecord(
  id: string,
  idProperty: string,
  raw: unknown,
): ParsedRecord & { readonly kind: 'unreadable' } {
  return { kind: 'unreadable', id, path: idProperty, problem: anotherId, rawText: rawTextOf(raw) }
}

export const anotherId = 'is not that of the record that was asked for'

/** The same for the same content, in whatever order a list and a single answer name it: the text is what the record is known by. */
export function rawTextOf(raw: unknown): string {
  const text = jsonOf(raw)
  if (text !== null || typeof raw !== 'object' || raw === null) return text ?? ''
  return JSON.stringify(
    Object.entries(raw)
      .map(([name, value]) => [name, jsonOf(value) ?? 'nested too deeply'])
      .sort(),
  )
}

/** null: nested ten thousands deep, which is read without trouble and cannot be written again. */
function jsonOf(value: unknown): string | null {
  try {
    return JSON.stringify(value, inOrder) ?? ''
  } catch {
    return null
  }
}

function inOrder(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Ids of both systems look like this; anything else would be no key of the memory, and no part of an address. */
const soundId = /^[A-Za-z0-9._-]{1,100}$/

const standIn = 'no-id-'

/** The id as it stands there, or a name made of the content for a record that has none: it must be listed all the same. */
export function idOrStandIn(id: unknown, raw: unknown): string {
  if (typeof id === 'string' && soundId.test(id)) return id
  if (Number.isSafeInteger(id)) return String(id)
  return `${standIn}${createHash('sha256').update(rawTextOf(raw)).digest('hex').slice(0, 12)}`
}

/** No system knows such a name: it is not asked for, since an answer of "no such id" would look like a changed contract. */
export function isStandIn(id: string): boolean {
  return id.startsWith(standIn)
}
