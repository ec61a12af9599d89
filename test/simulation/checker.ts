import type { Edit, Ledger, LedgerRecord, Shown, Told } from './ledger.ts'

/** Both systems as people see them, what they did, and what the engine said. The checker knows nothing else of the engine. */
export interface Evidence {
  readonly ledger: Ledger
  readonly erp: ReadonlyMap<string, readonly Shown[]>
  readonly shop: ReadonlyMap<string, readonly Shown[]>
  readonly told: readonly Told[]
  /** An answer was lost or a process died, so that some write may have been made without its maker's knowledge. */
  readonly hasUnclearEnds: boolean
  readonly inbox: readonly {
    readonly reason: string
    readonly erpId: string | null
    readonly shopId: string | null
    readonly field: string | null
  }[]
}

/** Everything that must not be: one sentence a finding. */
export function findProblems(evidence: Evidence): string[] {
  const marks = new Set([...evidence.ledger.records.keys(), ...evidence.erp.keys(), ...evidence.shop.keys()])
  return [...marks].flatMap((mark) => judge(evidence, evidence.ledger.of(mark)))
}

function judge(evidence: Evidence, record: LedgerRecord): string[] {
  const { mark } = record
  const erp = evidence.erp.get(mark) ?? []
  const shop = evidence.shop.get(mark) ?? []
  const doubled = [
    ...(erp.length > 1 ? [`${mark}: twice in PowerOffice (${erp.map(({ id }) => id).join(', ')})`] : []),
    ...(shop.length > 1 ? [`${mark}: twice in the webshop (${shop.map(({ id }) => id).join(', ')})`] : []),
  ]
  if (doubled.length > 0) return doubled
  if (record.removed.length > 0) return judgeRemoved(evidence, record, erp[0], shop[0])
  const [inErp] = erp
  const [inShop] = shop
  if (!inErp || !inShop) return [`${mark}: not there in ${inErp ? 'the webshop' : 'PowerOffice'}`]
  return [
    ...(inShop.names === `customer:${inErp.id}` ? [] : [`${mark}: the webshop names ${inShop.names}, not ${inErp.id}`]),
    ...Object.keys(inErp.fields).flatMap((field) => judgeField(evidence, record, field, inErp, inShop)),
  ]
}

/** Who was deleted stays away; the other one stays, is listed, or was archived with approval. */
function judgeRemoved(
  { inbox }: Evidence,
  { mark, removed }: LedgerRecord,
  erp: Shown | undefined,
  shop: Shown | undefined,
): string[] {
  // Deleted before the two were known to belong together, it left one record like any other.
  const sides = new Set(removed.filter(({ wasLinked }) => wasLinked).map(({ side }) => side))
  if (sides.has('erp') && erp) return [`${mark}: deleted in PowerOffice, and there again as ${erp.id}`]
  if (sides.has('shop') && shop) return [`${mark}: deleted in the webshop, and there again as ${shop.id}`]
  if (sides.has('erp') && shop?.active && shop.names !== null) {
    const isListed = inbox.some((entry) => entry.shopId === shop.id || entry.erpId === shop.names?.split(':')[1])
    if (!isListed) return [`${mark}: deleted in PowerOffice, stands in the webshop as ${shop.id}, and nobody is told`]
  }
  return []
}

function judgeField(evidence: Evidence, record: LedgerRecord, field: string, erp: Shown, shop: Shown): string[] {
  const listed = evidence.inbox.some((entry) => entry.field === field && entry.erpId === erp.id)
  if (listed) return []
  const [inErp, inShop] = [plain(erp.fields[field]), plain(shop.fields[field])]
  const where = `${record.mark} ${field}`
  if (inErp !== inShop) return [`${where}: "${inErp}" in PowerOffice and "${inShop}" in the webshop`]
  // PowerOffice owns the price: what somebody wrote in the webshop is put right, which nobody need be told of.
  const edits = record.edits.filter((edit) => edit.field === field && (field !== 'price' || edit.side === 'erp'))
  const last = latestOf(edits)
  if (!last) return []
  const other = latestOf(edits.filter((edit) => edit.side !== last.side))
  const values = [last, ...(other ? [other] : [])]
  if (!values.some((edit) => plain(edit.value) === inErp)) {
    // A create whose answer was lost: a value that PowerOffice spells its own way is taken for an edit, and it is said so.
    if (evidence.hasUnclearEnds && isTold(evidence.told, erp.id, last)) return []
    return [
      `${where}: both show "${inErp}", and people last wrote ${values.map((edit) => `"${edit.value}"`).join(' and ')}`,
    ]
  }
  if (record.reverted.has(field)) return []
  const lost = values.filter((edit) => plain(edit.value) !== inErp)
  return (
    lost
      .filter((edit) => edit === last || !wasSeen(edit, edits))
      // A write whose answer was lost is found done by the next look: the rule's winner stands, and nobody is told.
      .filter(
        (edit) => !isTold(evidence.told, erp.id, edit) && !(evidence.hasUnclearEnds && isMet(edit, values, edits)),
      )
      .map(
        (edit) =>
          `${where}: the edit "${edit.value}" in ${nameOf[edit.side]} is gone without a word; both show "${inErp}"`,
      )
  )
}

/** Somebody on the other side edited the field with this value before their eyes. */
function wasSeen(edit: Edit, edits: readonly Edit[]): boolean {
  return edits.some((later) => later.side !== edit.side && plain(later.before) === plain(edit.value))
}

/** It met an edit of the other side that was made without knowing of it. */
function isMet(edit: Edit, values: readonly Edit[], edits: readonly Edit[]): boolean {
  return values.some((other) => other !== edit && !wasSeen(other, edits))
}

function isTold(told: readonly Told[], erpId: string, edit: Edit): boolean {
  return told.some((note) => note.erpId === erpId && note.field === edit.field && note.atMs >= edit.atMs)
}

function latestOf(edits: readonly Edit[]): Edit | undefined {
  return edits.reduce<Edit | undefined>(
    (latest, edit) => (latest && latest.atMs > edit.atMs ? latest : edit),
    undefined,
  )
}

/** One system writes a field in capitals: that is the same value. */
function plain(value: string | null | undefined): string {
  return (value ?? '').toUpperCase()
}

const nameOf = { erp: 'PowerOffice', shop: 'the webshop' } as const
