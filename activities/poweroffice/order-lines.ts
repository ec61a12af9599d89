import { z } from 'zod'
import type { JsonObject, ParsedItem, ParsedRecord } from '../connector.ts'
import type { Row } from '../http/absent-property.ts'
import { problemOf } from '../http/parse-problem.ts'
import { rawTextOf } from '../http/unreadable.ts'
import { longestList, tooManyLines } from '../mapping/longest-list.ts'
import { decimalOf, percentOfRate } from './decimal-text.ts'
import { type DocumentedNames, withDocumentedNames } from './documented-names.ts'
import { textOf } from './json-text.ts'
import type { ArticleKinds } from './line-articles.ts'
import { integer, number, text } from './row-fields.ts'

/** Of lines of orders and of invoices alike. */
export const lineNames: DocumentedNames = {
  Id: true,
  LineType: true,
  ProductId: true,
  Description: true,
  Quantity: true,
  ProductUnitPrice: true,
  Allowance: true,
  UnitOfMeasureCode: true,
  VatRate: true,
  SortOrder: true,
  ExternalImportReference: true,
}

const lineSchema = z.object({
  Id: z.union([z.string().min(1), z.int().transform(String)]),
  LineType: text,
  ProductId: integer,
  Description: text,
  Quantity: number,
  ProductUnitPrice: number,
  Allowance: number,
  UnitOfMeasureCode: text,
  VatRate: number,
  SortOrder: integer,
  ExternalImportReference: text,
})

type Line = z.infer<typeof lineSchema>

export type LinesRead =
  | { readonly kind: 'items'; readonly items: readonly ParsedItem[] }
  /** For the record that has them: half a list would read as lines removed. */
  | { readonly kind: 'unreadable'; readonly path: string; readonly problem: string }

/** What an order's list leaves out: sums that PowerOffice works out by itself. */
const leftOut = ['summary', 'totalhours']

const roundingPrefix = 'rounding:'

/** What the line that closes a rounding carries as its reference: no id of the webshop holds a colon. */
export function roundingReference(orderId: string): string {
  return `${roundingPrefix}${orderId}`
}

/** The lines of one order as the flow knows them, in their order. */
export function parseLines(rows: unknown, kinds: ArticleKinds): LinesRead {
  const list = z.array(z.unknown()).safeParse(rows)
  if (!list.success) return unreadable([], list.error)
  if (list.data.length > longestList)
    return { kind: 'unreadable', path: pathTo(), problem: tooManyLines(list.data.length) }
  const lines: Line[] = []
  const ids = new Set<string>()
  for (const [index, row] of list.data.entries()) {
    const named: Row = withDocumentedNames(row, lineNames) ?? {}
    const parsed = lineSchema.safeParse(named)
    if (!parsed.success) return unreadable([String(index + 1)], parsed.error)
    const { Id } = parsed.data
    if (ids.has(Id))
      return { kind: 'unreadable', path: pathTo(index + 1, 'Id'), problem: 'is that of another line, too' }
    ids.add(Id)
    lines.push(parsed.data)
  }
  const items = lines
    .filter((line) => !leftOut.includes(line.LineType?.toLowerCase() ?? ''))
    // The webshop's total needs no such line: it is PowerOffice's alone.
    .filter((line) => line.ExternalImportReference?.startsWith(roundingPrefix) !== true)
    .toSorted(byPlace)
    .map((line) => itemOf(line, kinds))
  return { kind: 'items', items }
}

function unreadable(place: readonly string[], { issues: [issue] }: z.ZodError): LinesRead {
  return { kind: 'unreadable', path: pathTo(...place, ...(issue?.path ?? [])), problem: problemOf(issue) }
}

/** As people count: `SalesOrderLines 2 Quantity`. */
function pathTo(...names: readonly PropertyKey[]): string {
  return ['SalesOrderLines', ...names].map(String).join(' ')
}

/**
 * Two lines may have one number (one was removed before them, or somebody typed it), and the list of an invoice's lines comes in no
 * promised order: the line that was made first stands first, or an order would differ from its own invoice.
 */
function byPlace(a: Line, b: Line): number {
  return (a.SortOrder ?? 0) - (b.SortOrder ?? 0) || numberOf(a.Id) - numberOf(b.Id)
}

/** 0 for an id that is no number: such lines keep the order in which they came. */
function numberOf(id: string): number {
  return /^\d{1,15}$/.test(id) ? Number(id) : 0
}

function itemOf(line: Line, kinds: ArticleKinds): ParsedItem {
  const kind = kindOf(line, kinds)
  const raw: JsonObject = {
    Kind: kind,
    // An article that stands for shipping or a fee is no product of the webshop.
    ProductId: kind === 'product' ? line.ProductId : null,
    Description: line.Description,
    ...(kind === 'text' ? noAmounts : amountsOf(line)),
    SortOrder: line.SortOrder,
  }
  return { id: line.Id, raw, reference: textOf(line.ExternalImportReference) }
}

/** A text has neither; PowerOffice may show 0 (sandbox/poweroffice/README.md). */
const noAmounts = { Quantity: null, ProductUnitPrice: null, Allowance: null, UnitOfMeasureCode: null, VatPercent: null }

function amountsOf(line: Line): JsonObject {
  return {
    Quantity: decimalOf(line.Quantity),
    ProductUnitPrice: decimalOf(line.ProductUnitPrice),
    // Read with what is inherited, so none is none.
    Allowance: decimalOf(line.Allowance ?? 0),
    UnitOfMeasureCode: line.UnitOfMeasureCode,
    VatPercent: line.VatRate === null ? null : percentOfRate(line.VatRate),
  }
}

function kindOf(line: Line, kinds: ArticleKinds): string | null {
  switch (line.LineType?.toLowerCase()) {
    case 'text':
      return 'text'
    case 'invoicefee':
      return 'payment'
    case 'normal':
    case undefined:
      return (line.ProductId === null ? undefined : kinds.get(line.ProductId)) ?? 'product'
    default:
      // A type that is not known is listed with its name, never guessed.
      return line.LineType
  }
}

/** The record with its lines, or why they cannot be read. */
export function withLines(
  record: ParsedRecord & { readonly kind: 'record' },
  rows: unknown,
  kinds: ArticleKinds,
): ParsedRecord {
  const lines = parseLines(rows, kinds)
  if (lines.kind === 'items') return { ...record, items: lines.items }
  const { path, problem } = lines
  const { id, seenText, outOfScope } = record
  const told = seenText === undefined ? {} : { told: { seenText, outOfScope } }
  return { kind: 'unreadable', id, path, problem, rawText: rawTextOf(rows), ...told }
}
