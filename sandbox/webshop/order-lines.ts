import type { z } from '@hono/zod-openapi'
import { parseFields, pickWritable, refuse, withoutNulls } from './body-fields.ts'
import type { WriteContext } from './collection.ts'
import { type GivenDecimal, moneyDecimal, plainDecimal, roundHalfUp, unlessEqual } from './decimals.ts'
import type { JsonObject } from './json.ts'
import {
  createLineSchema,
  type lineCorrectionSchema,
  type OrderLine,
  patchLineSchema,
  writableLine,
} from './line-schema.ts'
import type { FieldError } from './problem.ts'

type NewLine = z.output<typeof createLineSchema>
type LineChange = z.output<typeof patchLineSchema>
type LineCorrection = z.output<typeof lineCorrectionSchema>

/** Lines and what is wrong with them, so that a body's errors can be told all at once. */
export interface CheckedLines {
  readonly lines: readonly OrderLine[]
  readonly errors: readonly FieldError[]
}

/** By position; lines that share one stay in the order in which they were made. */
export function sortedLines(lines: readonly OrderLine[]): OrderLine[] {
  return lines.toSorted((a, b) => a.position - b.position || a.id.length - b.id.length || (a.id < b.id ? -1 : 1))
}

/** The lines of a new order, or those with some added. `pointer` says where in the body they stand. */
export function addLines(
  before: readonly OrderLine[],
  added: readonly NewLine[],
  context: WriteContext,
  pointer: (index: number) => string,
): CheckedLines {
  const lines = [...before]
  const errors: FieldError[] = []
  for (const [index, given] of added.entries()) {
    const line = newLine(lines, given, context)
    errors.push(...lineErrors(line, emptyLine, context, pointer(index)))
    lines.push(line)
  }
  return { lines: sortedLines(lines), errors }
}

/** @throws Problem 422 */
export function addLine(
  before: readonly OrderLine[],
  body: JsonObject,
  context: WriteContext,
): { lines: readonly OrderLine[]; added: OrderLine } {
  const given = parseFields(withoutNulls(pickWritable(body, writableLine)), createLineSchema)
  const added = newLine(before, given, context)
  refuse(lineErrors(added, emptyLine, context, ''))
  return { lines: sortedLines([...before, added]), added }
}

/** @throws Problem 422 */
export function patchLine(line: OrderLine, patch: JsonObject, context: WriteContext): OrderLine {
  const next = changedLine(line, parseFields(pickWritable(patch, writableLine), patchLineSchema), context)
  refuse(lineErrors(next, line, context, ''))
  return next
}

/**
 * The lines after the corrections of the PATCH that sets invoiced: an entry with the id of a line changes what it
 * names or removes the line, one without an id adds a line, and lines that are not named stay.
 */
export function correctLines(
  before: readonly OrderLine[],
  corrections: readonly LineCorrection[],
  context: WriteContext,
): CheckedLines {
  let lines = [...before]
  const errors: FieldError[] = []
  const named = new Set<string>()
  for (const [index, { id, deleted, ...change }] of corrections.entries()) {
    const pointer = `/lines/${index}`
    if (id === undefined) {
      const { kind, description } = change
      if (deleted || kind === undefined || description === undefined) {
        errors.push({ pointer, detail: 'A new line needs kind and description; a change needs the id of a line.' })
        continue
      }
      const after = addLines(lines, [{ ...change, kind, description }], context, () => pointer)
      lines = [...after.lines]
      errors.push(...after.errors)
      continue
    }
    const line = before.find((each) => each.id === id)
    if (!line || named.has(id)) {
      errors.push({ pointer: `${pointer}/id`, detail: line ? `Line ${id} is named twice.` : `There is no line ${id}.` })
      continue
    }
    named.add(id)
    const next = changedLine(line, change, context)
    if (!deleted) errors.push(...lineErrors(next, line, context, pointer))
    lines = lines.flatMap((each) => (each.id !== id ? [each] : deleted ? [] : [next]))
  }
  return { lines: sortedLines(lines), errors }
}

/** What a line is before anything is said about it. `kind` and `description` are always given. */
const emptyLine: OrderLine = {
  id: '',
  kind: 'product',
  sku: null,
  productId: null,
  description: '',
  quantity: null,
  unit: null,
  unitPriceExVat: null,
  discountPercent: null,
  vatRate: null,
  position: 0,
}

/** At the end: one more than the highest. Where the first one stands is a matter of the shop. */
function nextPosition(lines: readonly OrderLine[], { settings }: WriteContext): number {
  return lines.reduce<number>((next, line) => Math.max(next, line.position + 1), settings.positionsFrom)
}

function newLine(before: readonly OrderLine[], given: NewLine, context: WriteContext): OrderLine {
  const blank = { ...emptyLine, id: context.view.nextLineId(), position: nextPosition(before, context) }
  return changedLine(blank, given, context)
}

function changedLine(line: OrderLine, change: LineChange | NewLine, context: WriteContext): OrderLine {
  const { lineDecimals } = context.settings
  const { kind = line.kind, description = line.description, productId = line.productId, unit = line.unit } = change
  const kept = (name: DecimalName, stored: (value: GivenDecimal) => string) => {
    const given = change[name]
    return given === undefined ? line[name] : unlessEqual(line[name], given === null ? null : stored(given))
  }
  return {
    ...line,
    kind,
    description,
    productId,
    unit,
    sku: productId === line.productId ? line.sku : skuOf(productId, context),
    quantity: kept('quantity', plainDecimal),
    unitPriceExVat: kept('unitPriceExVat', (value) => moneyDecimal(roundHalfUp(value, lineDecimals))),
    discountPercent: kept('discountPercent', (value) => plainDecimal(roundHalfUp(value, lineDecimals))),
    vatRate: kept('vatRate', plainDecimal),
    position: Number(change.position ?? line.position),
  }
}

type DecimalName = 'quantity' | 'unitPriceExVat' | 'discountPercent' | 'vatRate'

function skuOf(productId: string | null, { view }: WriteContext): string | null {
  return productId === null ? null : (view.findProduct(productId)?.sku ?? null)
}

/** Only of what this write changes: a line that holds a wrong thing may be edited elsewhere. */
function lineErrors(line: OrderLine, before: OrderLine, context: WriteContext, pointer: string): FieldError[] {
  const isNew = before === emptyLine
  const { kind, productId } = line
  const errors: FieldError[] = []
  if (!isNew && kind !== before.kind && context.caller !== 'shopkeeper') {
    errors.push({ pointer: `${pointer}/kind`, detail: `The kind cannot be changed; it is ${before.kind}.` })
  }
  if (productId === null || (productId === before.productId && kind === before.kind)) return errors
  if (kind !== 'product') {
    errors.push({ pointer: `${pointer}/productId`, detail: `A line of kind ${kind} has no product.` })
  } else if (!context.view.findProduct(productId)) {
    errors.push({ pointer: `${pointer}/productId`, detail: `There is no product ${productId}.` })
  }
  return errors
}
