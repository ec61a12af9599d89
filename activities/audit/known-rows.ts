import { type CreatingRow, FINAL_FLAG, type GoneRow, type LinkedRow, type Row, type SeenRow } from '../../flows/row.ts'
import { otherSide, type RecordKey, recordKey, type Side, sides } from '../../flows/side.ts'

/** The rows of a flow by the records that they speak of, for comparing whole systems with them. */
export interface KnownRows {
  readonly linked: readonly LinkedRow[]
  linkOf(side: Side, id: string): LinkedRow | undefined
  /** Webshop ids that more than one linked row names. */
  readonly linkedTwice: readonly { readonly shopId: string; readonly erpIds: readonly string[] }[]
  seen(key: RecordKey): SeenRow | undefined
  creating(key: RecordKey): CreatingRow | undefined
  gone(key: RecordKey): GoneRow | undefined
}

export function knownRows(rows: readonly Row[]): KnownRows {
  const linked: LinkedRow[] = []
  const links: Record<Side, Map<string, LinkedRow>> = { erp: new Map(), shop: new Map() }
  const byShopId = new Map<string, string[]>()
  const seen = new Map<RecordKey, SeenRow>()
  const creating = new Map<RecordKey, CreatingRow>()
  const gone = new Map<RecordKey, GoneRow>()
  for (const row of rows) {
    switch (row.kind) {
      case 'linked':
        linked.push(row)
        links.erp.set(row.erpId, row)
        links.shop.set(row.shopId, row)
        byShopId.set(row.shopId, [...(byShopId.get(row.shopId) ?? []), row.erpId])
        break
      case 'seen':
        seen.set(recordKey(row.side, row.id), row)
        break
      case 'creating':
        creating.set(recordKey(row.side, row.id), row)
        break
      case 'gone':
        for (const side of sides) {
          const id = side === 'erp' ? row.erpId : row.shopId
          if (id !== null) gone.set(recordKey(side, id), row)
        }
        break
      case 'apart':
        break
    }
  }
  return {
    linked,
    linkOf: (side, id) => links[side].get(id),
    linkedTwice: [...byShopId].flatMap(([shopId, erpIds]) => (erpIds.length > 1 ? [{ shopId, erpIds }] : [])),
    seen: (key) => seen.get(key),
    creating: (key) => creating.get(key),
    gone: (key) => gone.get(key),
  }
}

/** What the memory last saw of a record without a link; null: it has no such row. */
export function lastSeenAlone(known: KnownRows, side: Side, id: string): string | null {
  const key = recordKey(side, id)
  const row = known.seen(key)
  if (row) return row.seen
  const grave = known.gone(key)
  if (!grave) return null
  // Of the record that went nothing is left that it could show again (rule 13).
  return grave.gone === undefined || grave.gone === otherSide(side) ? grave.seen : ''
}

/** Invoiced in PowerOffice: it has left the list for good. */
export function isFinal(row: LinkedRow): boolean {
  return row.flags.includes(FINAL_FLAG)
}
