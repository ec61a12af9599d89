import type { FieldDefinition, FlowDefinition } from '../../flows/flow-definition.ts'
import type { ItemLink, Row } from '../../flows/row.ts'
import type { Side } from '../../flows/side.ts'
import type { SystemRecord } from './systems/system-records.ts'
import { type FieldValue, readField, recordLabel } from './values/field-value.ts'
import { noReferences, type References } from './values/references.ts'
import { isSameValue } from './values/same-value.ts'

export type RecordMap = ReadonlyMap<string, SystemRecord>

/** Two linked records, or one without counterpart, as the memory pairs them. */
export interface ShownPair {
  readonly linked: boolean
  readonly erpId: string | null
  readonly shopId: string | null
  readonly erp: SystemRecord | undefined
  readonly shop: SystemRecord | undefined
  /** Why the memory has no link for it, where it says so. */
  readonly reason: string | null
  readonly label: string
  /** Of a flow of lists: which items of the two records are linked. */
  readonly items: readonly ItemLink[]
}

/** Every record of both sides once, in pairs where the memory has a link. Sorted by label, so that rows stay in place. */
export function pairRecords(
  definition: FlowDefinition,
  rows: readonly Row[],
  { erp, shop }: Readonly<Record<Side, RecordMap>>,
): ShownPair[] {
  const pairs: ShownPair[] = []
  const taken = { erp: new Set<string>(), shop: new Set<string>() }
  const reasons = new Map<string, string>()
  for (const row of rows) {
    if (row.kind === 'seen') reasons.set(`${row.side}:${row.id}`, row.reason)
    else if (row.kind === 'creating') reasons.set(`${row.side}:${row.id}`, 'being created')
    else if (row.kind === 'linked') {
      taken.erp.add(row.erpId)
      taken.shop.add(row.shopId)
      pairs.push(pairOf(definition, { linked: true, ...row, erp: erp.get(row.erpId), shop: shop.get(row.shopId) }))
    }
  }
  for (const record of erp.values()) {
    if (taken.erp.has(record.id)) continue
    const reason = reasons.get(`erp:${record.id}`) ?? null
    pairs.push(
      pairOf(definition, { linked: false, erpId: record.id, shopId: null, erp: record, shop: undefined, reason }),
    )
  }
  for (const record of shop.values()) {
    if (taken.shop.has(record.id) || !isOfFlow(definition, record)) continue
    const reason = reasons.get(`shop:${record.id}`) ?? null
    pairs.push(
      pairOf(definition, { linked: false, erpId: null, shopId: record.id, erp: undefined, shop: record, reason }),
    )
  }
  return pairs.sort((one, other) => byName.compare(one.label, other.label))
}

const byName = new Intl.Collator('nb')

/** Webshop records of another kind (departments) are another flow's. */
function isOfFlow({ shopKinds }: FlowDefinition, { json }: SystemRecord): boolean {
  return shopKinds === null || shopKinds.values.includes(String(json[shopKinds.field]))
}

function pairOf(
  definition: FlowDefinition,
  pair: Pick<ShownPair, 'linked' | 'erpId' | 'shopId' | 'erp' | 'shop'> & {
    readonly reason?: string | null
    readonly items?: readonly ItemLink[]
  },
): ShownPair {
  const { linked, erpId, shopId, erp, shop, reason = null, items = [] } = pair
  const label = (erp && recordLabel(definition, 'erp', erp)) || (shop && recordLabel(definition, 'shop', shop)) || ''
  return { linked, erpId, shopId, erp, shop, reason, label, items }
}

export interface ShownField {
  readonly field: FieldDefinition
  readonly erp: FieldValue | undefined
  readonly shop: FieldValue | undefined
  /** Both sides are there and show different values, which they are not meant to. */
  readonly differs: boolean
}

/** The fields of a pair (of records, or of items) that apply to either side, in the definition's order. */
export function fieldsOf(
  definition: FlowDefinition,
  pair: Readonly<Record<Side, SystemRecord | undefined>>,
  references: References = noReferences,
): ShownField[] {
  return definition.fields.flatMap((field) => {
    const erp = pair.erp && readField(definition, field, 'erp', pair.erp)
    const shop = pair.shop && readField(definition, field, 'shop', pair.shop)
    if (erp === undefined && shop === undefined) return []
    const differs = field.settled !== 'ignored' && !isSameValue(field, erp, shop, references)
    return [{ field, erp, shop, differs }]
  })
}
