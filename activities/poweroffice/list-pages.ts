import type { RequestContext } from '../connector.ts'
import { isRow, type Row } from '../http/absent-property.ts'
import { contractChanged } from '../http/answer-meaning.ts'
import type { HttpAnswer } from '../http/exchange.ts'
import type { HttpClient, Query } from '../http/http-client.ts'
import { idOrStandIn } from '../http/unreadable.ts'
import { VendorTrouble } from '../vendor-trouble.ts'
import { type DocumentedNames, withDocumentedNames } from './documented-names.ts'
import { powerOffice } from './system-names.ts'
import { parseProblem } from './vendor-problem.ts'

export interface WholeList {
  readonly rows: readonly Row[]
  /** The server's time of the first answer; null without a Date header. */
  readonly dateMs: number | null
}

export interface ListReader {
  /** Every page of one filter value, each id once. @throws VendorTrouble */
  readAll(filters: Query, context: RequestContext, onPage?: (rowsSoFar: number) => void): Promise<WholeList>
  /** For what the caller can do without: a filter that is refused (400, 404), a role that is missing (403). @throws VendorTrouble */
  tryReadAll(filters: Query, context: RequestContext): Promise<WholeList | 'refused' | 'forbidden'>
}

export interface ListedEntity {
  readonly path: string
  /** Path without ids, where it has any. */
  readonly label?: string
  readonly names: DocumentedNames
}

/** The largest that is allowed (sandbox/poweroffice/README.md): offsets over changing data skip rows, so the fewest pages are the best. */
const defaultPageSize = 20_000
const maxPages = 1_000

interface Page {
  readonly rows: readonly Row[]
  readonly dateMs: number | null
  readonly isLast: boolean
  readonly hasNext: boolean
}

/** @param timeoutMs of one page: 20,000 rows take longer than one record */
export function createListReader(
  client: HttpClient,
  entity: ListedEntity,
  options: { readonly pageSize?: number; readonly timeoutMs: number },
): ListReader {
  const pageSize = options.pageSize ?? defaultPageSize
  const fields = Object.keys(entity.names).join(',')
  /** The default order is not known and may differ between two calls; which OrderBy is taken is not known either. */
  let ordering: 'notNeeded' | 'byId' | 'refused' = 'notNeeded'

  async function readPage(
    filters: Query,
    pageNumber: number,
    context: RequestContext,
    isTry: boolean,
  ): Promise<Page | 'orderRefused' | 'refused' | 'forbidden'> {
    const isOrdered = ordering === 'byId'
    const query: Query = [
      ...filters,
      ['Fields', fields],
      ['PageNumber', String(pageNumber)],
      ['PageSize', String(pageSize)],
      ...(isOrdered ? ([['OrderBy', 'Id']] as const) : []),
    ]
    const label = entity.label ?? entity.path
    const request = { path: entity.path, label, query, timeoutMs: options.timeoutMs }
    const answer = await client.read({ ...request, ...(isTry && { takesForbidden: true }) }, context)
    if (answer.status === 403) return 'forbidden'
    if (answer.status >= 400 && isOrdered) return 'orderRefused'
    if (answer.status >= 400 && isTry) return 'refused'
    if (answer.status >= 400) throw new VendorTrouble(listRefused(label, answer))
    return parsePage(answer, entity)
  }

  async function readPages(
    filters: Query,
    context: RequestContext,
    isTry: boolean,
    onPage?: (rowsSoFar: number) => void,
  ): Promise<WholeList | 'again' | 'refused' | 'forbidden'> {
    const byId = new Map<string, Row>()
    let dateMs: number | null = null
    for (let pageNumber = 1; pageNumber <= maxPages; pageNumber += 1) {
      const page = await readPage(filters, pageNumber, context, isTry)
      if (page === 'orderRefused') {
        ordering = 'refused'
        return 'again'
      }
      if (page === 'refused' || page === 'forbidden') return page
      if (pageNumber === 1) dateMs = page.dateMs
      const before = byId.size
      for (const row of page.rows) byId.set(keyOf(row), row)
      onPage?.(byId.size)
      // A page of nothing new: past the end, or a system that ignores PageNumber.
      if (page.isLast || byId.size === before) return { rows: [...byId.values()], dateMs }
      if (ordering === 'notNeeded' && (page.hasNext || page.rows.length >= pageSize)) {
        ordering = 'byId'
        return 'again'
      }
    }
    const message = `PowerOffice goes on listing ${entity.path} after ${maxPages} pages: ask the developer to look at the paging.`
    throw new VendorTrouble(contractChanged(powerOffice, message))
  }

  async function read(filters: Query, context: RequestContext, isTry: boolean, onPage?: (rowsSoFar: number) => void) {
    for (;;) {
      const list = await readPages(filters, context, isTry, onPage)
      if (list !== 'again') return list
    }
  }

  return {
    readAll: async (filters, context, onPage) => {
      const list = await read(filters, context, false, onPage)
      // Only a try is told of a refusal; the client itself turns a 403 into trouble otherwise.
      if (list === 'refused' || list === 'forbidden') throw new Error(`GET ${entity.path} was ${list} unasked`)
      return list
    },
    tryReadAll: (filters, context) => read(filters, context, true),
  }
}

function parsePage(answer: HttpAnswer, entity: ListedEntity): Page {
  const dateMs = parseDateMs(answer.headers['date'])
  if (answer.status === 204) return { rows: [], dateMs, isLast: true, hasNext: false }
  if (!Array.isArray(answer.json)) {
    const message = `PowerOffice answered GET ${entity.path} with something that is not a list: check POWEROFFICE_BASE_URL; if it is right, the interface has changed and the developer must look.`
    throw new VendorTrouble(contractChanged(powerOffice, message))
  }
  const rows = answer.json.map((row: unknown) => withDocumentedNames(row, entity.names) ?? {})
  const next = nextPageOf(answer.headers['x-pagination'])
  return { rows, dateMs, isLast: next === 'none' || rows.length === 0, hasNext: next === 'follows' }
}

/**
 * Only an explicitly empty nextPageLink ends a list; without a word about it the next page is asked for.
 * The page count, where it is sent, says the same.
 */
function nextPageOf(header: string | undefined): 'follows' | 'none' | 'unknown' {
  const pagination = parseHeader(header)
  const link = pagination.get('nextpagelink')
  if (typeof link === 'string') return link.trim() === '' ? 'none' : 'follows'
  if (link === null) return 'none'
  const current = pagination.get('currentpage')
  const total = pagination.get('totalpages')
  if (typeof current !== 'number' || typeof total !== 'number') return 'unknown'
  return current >= total ? 'none' : 'follows'
}

function parseHeader(header: string | undefined): ReadonlyMap<string, unknown> {
  try {
    const json: unknown = JSON.parse(header ?? '{}')
    return new Map(isRow(json) ? Object.entries(json).map(([key, value]) => [key.toLowerCase(), value]) : [])
  } catch {
    return new Map()
  }
}

export function parseDateMs(header: string | undefined): number | null {
  const ms = header === undefined ? Number.NaN : Date.parse(header)
  return Number.isNaN(ms) ? null : ms
}

/** Rows without a usable id are all kept, also those that share what stands in its place: each is listed as unreadable. */
function keyOf(row: Row): string {
  return idOrStandIn(row['Id'], row)
}

function listRefused(path: string, answer: HttpAnswer) {
  const { title } = parseProblem(answer.status, answer.json)
  return contractChanged(
    powerOffice,
    `PowerOffice refuses the list GET ${path} (status ${answer.status}, ${title}): the interface has changed and the developer must look.`,
  )
}
