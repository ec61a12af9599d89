import { z } from 'zod'
import type { ParsedItem } from '../connector.ts'
import { longestList, tooManyLines } from '../mapping/longest-list.ts'
import { decimal, id, reference, text } from './shop-values.ts'

/** Compared by rank only: neither dense nor from a fixed number (docs/webshop-contract.md). */
const position = z
  .union([
    z.number(),
    z
      .string()
      .regex(/^-?\d+$/, 'expected a whole number')
      .transform(Number),
  ])
  .nullish()
  .transform((value) => value ?? null)

export const lineSchema = z.object({
  id,
  kind: text,
  productId: reference,
  description: text,
  quantity: decimal,
  unit: text,
  unitPriceExVat: decimal,
  discountPercent: decimal,
  vatRate: decimal,
  position,
})

export const linesSchema = z
  .array(lineSchema)
  .refine(({ length }) => length <= longestList, { error: ({ input }) => tooManyLines((input as unknown[]).length) })
  .refine((lines) => new Set(lines.map((line) => line.id)).size === lines.length, 'two lines have the same id')

/** In the order of their positions; lines that share one, or have none, stay as the shop gave them. */
export function itemsOf(lines: z.output<typeof linesSchema>): ParsedItem[] {
  const placeOf = (line: { readonly position: number | null }) => line.position ?? Number.MAX_SAFE_INTEGER
  return lines.toSorted((a, b) => placeOf(a) - placeOf(b)).map(itemOf)
}

/** The shop keeps no reference on a line: which line of PowerOffice it belongs to stands in the memory alone. */
export function itemOf({ id: lineId, ...raw }: z.output<typeof lineSchema>): ParsedItem {
  return { id: lineId, raw, reference: null }
}
