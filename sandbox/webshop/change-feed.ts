import { decodeCursor, encodeCursor } from './change-cursor.ts'
import type { Collection, SharedFields } from './collection.ts'
import { shownJson } from './decimals.ts'
import { Problem } from './problem.ts'
import type { Page, RecordStore } from './record-store.ts'
import type { Settings } from './settings.ts'

const defaultLimit = 100
const maxLimit = 500
const maxFilterValues = 100

/** What a list answers, as JSON text: the items are JSON already and, as a rule, are not parsed on the way. */
export function listRecords<Fields extends SharedFields>(
  collection: Collection<Fields>,
  store: RecordStore<Fields>,
  settings: Settings,
  parameters: URLSearchParams,
): string {
  const limit = parseLimit(parameters.getAll('limit'))
  const filters = parseFilters(collection, parameters)
  const cursors = parameters.getAll('changedSince')
  const cursorAt = (position: number) =>
    encodeCursor({ collection: collection.name, generation: settings.cursorGeneration, position })
  if (filters.size > 0) {
    if (cursors.length > 0) throw badRequest('changedSince does not combine with filters; ask for one or the other.')
    // A filtered list is one page without a continuation. Its `next` is the beginning: whoever follows it by mistake
    // reads too much, never too little.
    return pageText(store.filtered(filters, limit), cursorAt(0), settings)
  }
  const after = positionOf(cursors, collection.name, settings, store.highestPosition())
  const page = store.changedAfter(after, { limit, withTombstones: settings.tombstones })
  return pageText(page, cursorAt(page.lastPosition ?? after), settings)
}

function pageText(page: Page, next: string, settings: Settings): string {
  const rest = JSON.stringify({ next, hasMore: page.hasMore, epoch: settings.epoch })
  return `{"items":[${page.items.map((item) => shownJson(item, settings)).join(',')}],${rest.slice(1)}`
}

function positionOf(cursors: readonly string[], collection: string, settings: Settings, highest: number): number {
  const [given, ...others] = cursors
  if (given === undefined) return 0
  if (others.length > 0) throw badRequest('changedSince is given once.')
  const cursor = decodeCursor(given)
  const isKnown =
    cursor?.collection === collection && cursor.generation === settings.cursorGeneration && cursor.position <= highest
  if (!isKnown) throw new Problem(410, 'unknown-cursor', 'Read the list from the beginning, without changedSince.')
  return cursor.position
}

function parseLimit(given: readonly string[]): number {
  if (given.length === 0) return defaultLimit
  const limit = given.length === 1 && /^\d{1,3}$/.test(given[0] ?? '') ? Number(given[0]) : 0
  if (limit < 1 || limit > maxLimit) throw badRequest(`limit is one whole number from 1 to ${maxLimit}.`)
  return limit
}

/** The parameters that narrow a list of this collection. */
export function filterNames(columns: readonly { readonly name: string; readonly isInternal?: boolean }[]): string[] {
  return ['id', ...columns.filter((column) => !column.isInternal).map((column) => column.name)]
}

function parseFilters<Fields>(
  collection: { readonly columns: Collection<SharedFields & Fields>['columns'] },
  parameters: URLSearchParams,
) {
  const known = filterNames(collection.columns)
  const filters = new Map<string, readonly string[]>()
  for (const name of new Set(parameters.keys())) {
    if (name === 'limit' || name === 'changedSince') continue
    // Refused rather than ignored: a mistyped filter that answers everything is how records get linked wrongly.
    if (!known.includes(name)) throw badRequest(`There is no parameter ${name}; filters here are ${known.join(', ')}.`)
    const values = parameters.getAll(name)
    if (values.includes('')) throw badRequest(`${name} needs a value.`)
    if (values.length > maxFilterValues) throw badRequest(`${name} takes up to ${maxFilterValues} values.`)
    filters.set(name, values)
  }
  return filters
}

function badRequest(detail: string): Problem {
  return new Problem(400, 'bad-request', detail)
}
