import { type Side, sides } from '../../flows/side.ts'
import type { Edit, Ledger, LedgerRecord, Shown, Told } from './ledger.ts'

/** Both systems as people see them, what they did, and what the engine said. The checker knows nothing else of the engine. */
export interface Evidence {
  readonly ledger: Ledger
  readonly erp: ReadonlyMap<string, readonly Shown[]>
  readonly shop: ReadonlyMap<string, readonly Shown[]>
  readonly told: readonly Told[]
  /** An answer was lost or a process died, so that some write may have been made without its maker's knowledge. */
  readonly hasUnclearEnds: boolean
  /** PowerOffice carries out a write whatever stands there by now. */
  readonly hasBlindWrites: boolean
  /** From its last look at what is there until its request arrives, the sync may take this long. */
  readonly longestRequestMs: number
  readonly inbox: readonly {
    readonly reason: string
    readonly erpId: string | null
    readonly shopId: string | null
    readonly field: string | null
    readonly others: readonly string[]
  }[]
}

/** A link that a process dies over, after its webshop record was told of it, is noted by the next attempt within this. */
const NOTED_MS = 30_000

/** Everything that must not be: one sentence a finding. */
export function findProblems(evidence: Evidence): string[] {
  const marks = new Set([...evidence.ledger.records.keys(), ...evidence.erp.keys(), ...evidence.shop.keys()])
  return [...marks].flatMap((mark) => judge(evidence, evidence.ledger.of(mark)))
}

function judge(evidence: Evidence, record: LedgerRecord): string[] {
  const { mark } = record
  const erp = evidence.erp.get(mark) ?? []
  const shop = evidence.shop.get(mark) ?? []
  if (erp.length > 1 || shop.length > 1) return judgeDoubled(evidence, record, { erp, shop })
  if (record.removed.length > 0) return judgeRemoved(evidence, record, erp[0], shop[0])
  const [inErp] = erp
  const [inShop] = shop
  if (!inErp || !inShop) return [`${mark}: not there in ${inErp ? 'the webshop' : 'PowerOffice'}`]
  return [
    ...(inShop.names === `customer:${inErp.id}` ? [] : [`${mark}: the webshop names ${inShop.names}, not ${inErp.id}`]),
    ...Object.keys(inErp.fields).flatMap((field) => judgeField(evidence, record, field, inErp, inShop)),
  ]
}

/**
 * People made it in both systems while the sync was making it: nobody can help that, but the sync looks before it makes, and
 * whoever is left without a counterpart is listed.
 */
function judgeDoubled(
  evidence: Evidence,
  record: LedgerRecord,
  shown: Readonly<Record<Side, readonly Shown[]>>,
): string[] {
  const { mark, made, removed } = record
  // Whoever lost its counterpart is left alone, so what people make in its place is another record.
  if (removed.length > 0) return []
  const problems: string[] = []
  for (const side of sides) {
    for (const { id, madeMs } of shown[side]) {
      const stood = made.find((other) => other.side === side && shown[side].some((still) => still.id === other.id))
      const aheadMs = madeMs === null || !stood ? 0 : madeMs - stood.atMs
      if (aheadMs > evidence.longestRequestMs)
        problems.push(
          `${mark}: made in ${nameOf[side]} as ${id}, where ${stood?.id} had stood for ${Math.round(aheadMs)} ms`,
        )
    }
    const ours = shown[side].filter(({ madeMs }) => madeMs !== null)
    const people = shown[side].filter(({ madeMs }) => madeMs === null)
    if (ours.length > 1 || (people.length === 0 && shown[side].length > 1))
      problems.push(`${mark}: made twice in ${nameOf[side]} (${ours.map(({ id }) => id).join(', ')})`)
  }
  const [pair, ...more] = shown.erp.flatMap((erp) =>
    shown.shop.filter(({ names }) => names === `customer:${erp.id}`).map((shop) => ({ erp, shop })),
  )
  if (more.length > 0) problems.push(`${mark}: twice in both systems, each linked`)
  for (const side of sides)
    for (const { id } of shown[side]) {
      const isListed = evidence.inbox.some(
        (entry) => (side === 'erp' ? entry.erpId : entry.shopId) === id || entry.others.includes(`${side}:${id}`),
      )
      if (id !== pair?.[side].id && !isListed)
        problems.push(`${mark}: ${id} in ${nameOf[side]} has no counterpart, and nobody is told`)
    }
  if (!pair) return problems
  const edits = record.edits.filter((edit) => edit.id === pair[edit.side].id)
  const fields = Object.keys(pair.erp.fields)
  return [
    ...problems,
    ...fields.flatMap((field) => judgeField(evidence, { ...record, edits }, field, pair.erp, pair.shop)),
  ]
}

/** Who was deleted stays away; the other one stays, is listed, or was archived with approval. */
function judgeRemoved(
  { inbox }: Evidence,
  { mark, removed, isTwinned }: LedgerRecord,
  erp: Shown | undefined,
  shop: Shown | undefined,
): string[] {
  // Deleted before the two were known to belong together, it left one record like any other.
  const sidesGone = new Set(removed.filter(({ wasLinked }) => wasLinked).map(({ side }) => side))
  // What people made besides is a record like any other.
  if (isTwinned) return []
  if (sidesGone.has('erp') && erp) return [`${mark}: deleted in PowerOffice, and there again as ${erp.id}`]
  if (sidesGone.has('shop') && shop) return [`${mark}: deleted in the webshop, and there again as ${shop.id}`]
  if (sidesGone.has('erp') && shop?.active && shop.names !== null) {
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
      .filter((edit) => !isTold(evidence.told, erp.id, edit))
      // What is settled when two records are linked has no row yet that could tell of it, should the worker die meanwhile.
      .filter((edit) => !(evidence.hasUnclearEnds && edit.atMs < shop.namedSinceMs + NOTED_MS))
      // A PowerOffice that compares no tests has nothing that would show an edit of the last moment before our write (E19).
      .filter((edit) => !(evidence.hasBlindWrites && edit.side === 'erp' && isMet(edit, values, edits)))
      .map(
        (edit) =>
          `${where}: the edit "${edit.value}" in ${nameOf[edit.side]} is gone without a word; both show "${inErp}"`,
      )
  )
}

/** It met an edit of the other side that was made without knowing of it. */
function isMet(edit: Edit, values: readonly Edit[], edits: readonly Edit[]): boolean {
  return values.some((other) => other !== edit && !wasSeen(other, edits))
}

/** Somebody on the other side edited the field with this value before their eyes. */
function wasSeen(edit: Edit, edits: readonly Edit[]): boolean {
  return edits.some((later) => later.side !== edit.side && plain(later.before) === plain(edit.value))
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
