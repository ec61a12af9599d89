import type { FieldNote } from '../../flows/decision.ts'
import { EMPTY_HASH, hashAt, NO_HASH } from '../../flows/field-hashes.ts'
import type { FlowDefinition } from '../../flows/flow-definition.ts'
import { basesSinceTried, landedWrite, noteOfLanded } from '../../flows/landed-write.ts'
import type { Reading } from '../../flows/reading.ts'
import type { CreatingRow, LinkedRow } from '../../flows/row.ts'
import { otherSide, type Side } from '../../flows/side.ts'
import { changeTime, laterSide } from './change-time.ts'
import { type MergeContext, mergeField } from './merge-field.ts'

export interface PairMerge {
  readonly writeErp: readonly string[]
  readonly writeShop: readonly string[]
  /** One character a field: `1` where the sides agree once the writes are done. */
  readonly agreed: string
  readonly notes: readonly FieldNote[]
}

/** What deciding a pair may know besides the readings: times and the flow's own recent doings, as data. */
export interface MergeHistory {
  readonly firstAgreement: MergeContext['firstAgreement']
  /** When our reads first saw the change that brought the record here, by side; null: it did not come by a change. */
  readonly firstSeenMs: Readonly<Record<Side, number | null>>
  readonly revertedLately: (field: string) => boolean
  /** The write would be the fourth of A-B-A-B, to and fro between the sides, within ten minutes (E20). */
  readonly wouldLoop: (field: string, to: Side, valueHash: string) => boolean
}

/**
 * Field by field, never per record (rule 3). `row` null: the pair is being linked, nothing was agreed before.
 * @param created our own create made one record from the other and its answer was lost: both showed what it gave then, so
 * what differs is an edit made since (E18); where the row does not tell what it gave, the later edit wins
 * @param asCreated where the record that it made shows what it was created with (Pair.asCreated): what differs there from what
 * was given is its own spelling
 */
export function mergePair(
  definition: FlowDefinition,
  erp: Reading,
  shop: Reading,
  row: LinkedRow | null,
  differs: string,
  history: MergeHistory,
  created: CreatingRow | null = null,
  asCreated = '',
): PairMerge {
  const writeErp: string[] = []
  const writeShop: string[] = []
  const notes: FieldNote[] = []
  let agreed = ''
  // Hashes of another definition version say nothing: their fields are unknown, as at first agreement (E3).
  const known = row !== null && row.definition === definition.version ? row : null
  const tried = known ? known.tried : created?.gives?.definition === definition.version ? created.tried : undefined

  definition.fields.forEach((field, index) => {
    const erpNow = hashAt(erp.hashes, index)
    const shopNow = hashAt(shop.hashes, index)
    const now = { erp: erpNow, shop: shopNow }
    const given = givenAtCreation(definition, created, index, now, asCreated[index] === '1')
    const landed = landedWrite(tried, index, now)
    const untold = noteOfLanded(tried, index, now)
    if (untold) notes.push({ field: field.name, ...untold })
    const before = known ? agreedOn(known, index) : given
    const bases = landed ? { erp: landed, shop: landed } : basesSinceTried(tried, index, now, before)
    const decision = mergeField(
      field,
      {
        erp: { now: erpNow, base: bases.erp },
        shop: { now: shopNow, base: bases.shop },
        differs: differs[index] === '1',
      },
      {
        firstAgreement: created === null ? history.firstAgreement : 'latest',
        isLocked: erp.isLocked === true,
        revertedLately: history.revertedLately(field.name),
        later: () => {
          const later = laterSide(
            changeTime(erp, field.name, row?.erpOwnWrite ?? '', history.firstSeenMs.erp),
            changeTime(shop, field.name, row?.shopOwnWrite ?? '', history.firstSeenMs.shop),
          )
          return later === 'unclear' && created !== null && given.erp === NO_HASH ? created.side : later
        },
      },
    )
    if (
      decision.kind === 'write' &&
      history.wouldLoop(field.name, decision.to, decision.to === 'erp' ? shopNow : erpNow)
    ) {
      notes.push({
        field: field.name,
        kind: 'loop',
        detail: 'the two systems keep rewriting each other; both values stand until one is edited',
      })
      agreed += '0'
      return
    }
    if (decision.kind !== 'keep' && decision.note) notes.push({ field: field.name, ...decision.note })
    if (decision.kind === 'write') (decision.to === 'erp' ? writeErp : writeShop).push(field.name)
    agreed += decision.kind === 'leave' ? '0' : '1'
  })
  return { writeErp, writeShop, agreed, notes }
}

function agreedOn({ base, shopBase }: LinkedRow, index: number): Readonly<Record<Side, string>> {
  return { erp: hashAt(base, index), shop: hashAt(shopBase === '' ? base : shopBase, index) }
}

/**
 * What each side showed of a field when our create made the one from the other; `____` where that is not known. A field
 * that the new record shows empty while its source still shows what was given was left out by the vendor's rules.
 */
function givenAtCreation(
  definition: FlowDefinition,
  created: CreatingRow | null,
  index: number,
  now: Readonly<Record<Side, string>>,
  isAsCreated: boolean,
): Readonly<Record<Side, string>> {
  const both = (hash: string) => ({ erp: hash, shop: hash })
  if (created?.gives === undefined || created.gives.definition !== definition.version) return both(NO_HASH)
  const source = created.side
  const shown = now[otherSide(source)]
  const attempts = [created.gives.hashes, ...(created.gives.earlier ?? [])]
    .map((hashes) => hashAt(hashes, index))
    .filter((hash) => hash !== NO_HASH)
  // Of several attempts the one whose value stands there is the one that landed.
  const given = attempts.find((hash) => hash === shown) ?? attempts[0] ?? NO_HASH
  const wasLeftOut = shown === EMPTY_HASH && now[source] === given
  if (given === NO_HASH || wasLeftOut) return both(NO_HASH)
  if (given === shown || !isAsCreated) return both(given)
  // Nobody has edited it: that is how the system spells what it was given. Which attempt's value that was cannot be told; where
  // there were several, the source counts as edited since, and gives what it shows by now.
  const before = attempts.find((hash) => hash !== now[source]) ?? given
  return source === 'erp' ? { erp: before, shop: shown } : { erp: shown, shop: before }
}
