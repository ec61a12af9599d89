import type { CreatedContent, GoneRow, ItemLink, LinkedRow, Row, SeenReason, TriedWrites } from './row.ts'
import type { RecordKey, Side } from './side.ts'

/**
 * Rows as short JSON tuples: a link costs some 90 bytes instead of 400. The first element names the kind; the text
 * itself serves as the digest for compare-and-set (E5), so encoding must be stable: same row, same text.
 */
export type EncodedRow = string

export function encodeRow(row: Row): EncodedRow {
  return JSON.stringify(trimmed(tupleOf(row)))
}

export function decodeRow(text: EncodedRow): Row {
  const tuple: unknown = JSON.parse(text)
  if (!Array.isArray(tuple)) throw new Error('a row of the link memory is not a tuple')
  const at = (index: number): unknown => tuple[index]
  const textAt = (index: number): string => String(at(index) ?? '')
  const nullableAt = (index: number): string | null =>
    at(index) === undefined || at(index) === null ? null : String(at(index))
  const numberAt = (index: number): number => Number(at(index) ?? 0)
  switch (at(0)) {
    case 'l': {
      const base = textAt(3)
      const erpSeen = textAt(4)
      return {
        kind: 'linked',
        erpId: textAt(1),
        shopId: textAt(2),
        base,
        erpSeen,
        shopSeen: at(5) === '' ? erpSeen : textAt(5),
        definition: numberAt(6),
        pointer: textAt(7),
        erpOwnWrite: textAt(8),
        shopOwnWrite: textAt(9),
        flags: textAt(10),
        shopBase: textAt(11),
        ...(Array.isArray(at(12)) ? { items: (at(12) as unknown[]).map(itemFrom) } : {}),
        ...(Array.isArray(at(13)) ? triedFrom(at(13) as unknown[]) : {}),
      }
    }
    case 's':
      return {
        kind: 'seen',
        side: sideFrom(at(1)),
        id: textAt(2),
        seen: textAt(3),
        reason: textAt(4) as SeenReason,
        attempts: numberAt(5),
        definition: numberAt(6),
        pointer: textAt(7),
        others: (Array.isArray(at(8)) ? at(8) : []) as RecordKey[],
      }
    case 'c':
      return {
        kind: 'creating',
        side: sideFrom(at(1)),
        id: textAt(2),
        reference: textAt(3),
        creation: numberAt(4),
        since: numberAt(5),
        ...(at(6) === undefined ? {} : { gives: givenFrom(textAt(6), numberAt(7), at(8), at(9), at(11)) }),
        ...(Array.isArray(at(10)) ? triedFrom(at(10) as unknown[]) : {}),
      }
    case 'g':
      return {
        kind: 'gone',
        erpId: nullableAt(1),
        shopId: nullableAt(2),
        seen: textAt(3),
        at: numberAt(4),
        ...(at(5) === 1 ? { wasDormant: true } : {}),
        ...goneFrom(at(6)),
      }
    case 'a':
      return { kind: 'apart', erpId: textAt(1), shopId: textAt(2), by: textAt(3), at: numberAt(4) }
    default:
      throw new Error(`a row of the link memory has an unknown kind: ${String(at(0))}`)
  }
}

function tupleOf(row: Row): unknown[] {
  switch (row.kind) {
    case 'linked':
      return linkedTuple(row)
    case 'seen':
      return [
        's',
        row.side[0],
        row.id,
        row.seen,
        row.reason,
        row.attempts,
        row.definition,
        row.pointer,
        row.others.length === 0 ? '' : row.others,
      ]
    case 'creating':
      return [
        'c',
        row.side[0],
        row.id,
        row.reference,
        row.creation,
        row.since,
        ...(row.gives
          ? [
              row.gives.hashes,
              row.gives.definition,
              row.gives.items ?? '',
              row.gives.earlier ?? '',
              row.tried ?? '',
              row.gives.earlierItems ?? '',
            ]
          : []),
      ]
    case 'gone':
      return ['g', row.erpId, row.shopId, row.seen, row.at, row.wasDormant ? 1 : '', row.gone?.[0] ?? '']
    case 'apart':
      return ['a', row.erpId, row.shopId, row.by, row.at]
  }
}

function linkedTuple(row: LinkedRow): unknown[] {
  return [
    'l',
    row.erpId,
    row.shopId,
    row.base,
    row.erpSeen,
    // Most pairs show the same content on both sides, so one hash stands for both (E2). null: nothing seen yet.
    row.shopSeen === row.erpSeen ? '' : row.shopSeen || null,
    row.definition,
    row.pointer,
    row.erpOwnWrite,
    row.shopOwnWrite,
    row.flags,
    row.shopBase,
    row.items === undefined ? '' : row.items.map(itemTuple),
    row.tried ?? '',
  ]
}

function itemTuple(item: ItemLink): unknown[] {
  return trimmed([item.erpId, item.shopId, item.base, item.shopBase, ...(item.tried ?? [])])
}

function itemFrom(tuple: unknown): ItemLink {
  const [erpId, shopId, base, shopBase, ...tried] = Array.isArray(tuple) ? tuple.map(String) : []
  const item = { erpId: erpId ?? '', shopId: shopId ?? '', base: base ?? '', shopBase: shopBase ?? '' }
  return tried.length === 0 ? item : { ...item, ...triedFrom(tried) }
}

function triedFrom(tuple: readonly unknown[]): { readonly tried: TriedWrites } {
  const [erp, shop, notes] = [0, 1, 2].map((place) => String(tuple[place] ?? ''))
  return { tried: notes ? [erp ?? '', shop ?? '', notes] : [erp ?? '', shop ?? ''] }
}

function givenFrom(
  hashes: string,
  definition: number,
  items: unknown,
  earlier: unknown,
  earlierItems: unknown,
): CreatedContent {
  return {
    hashes,
    definition,
    ...(Array.isArray(items) ? { items: items as CreatedContent['items'] & object } : {}),
    ...(Array.isArray(earlier) ? { earlier: earlier.map(String) } : {}),
    ...(Array.isArray(earlierItems) ? { earlierItems: earlierItems as CreatedContent['earlierItems'] & object } : {}),
  }
}

/** Trailing empty elements are left out; decoding gives them back. */
function trimmed(tuple: unknown[]): unknown[] {
  let end = tuple.length
  while (end > 0 && tuple[end - 1] === '') end--
  return tuple.slice(0, end)
}

function goneFrom(letter: unknown): Pick<GoneRow, 'gone'> {
  if (letter === 'b') return { gone: 'both' }
  return letter === 'e' || letter === 's' ? { gone: sideFrom(letter) } : {}
}

function sideFrom(letter: unknown): Side {
  return letter === 'e' ? 'erp' : 'shop'
}
