import type { FieldNote } from '../../flows/decision.ts'
import type { Outcome } from '../../flows/outcome.ts'
import type { InboxEntry, InboxPile } from '../messages.ts'

/** How many entries the state holds; every parked record also has its row in the memory, without limit (E20). */
export const INBOX_LIMIT = 1_000

/** Matters of single fields that a person should see; the record itself was synchronised. */
const fieldMatters: Readonly<Partial<Record<FieldNote['kind'], InboxPile>>> = {
  asks: 'needsYou',
  withheld: 'needsYou',
  revertedTwice: 'needsYou',
  loop: 'needsYou',
  locked: 'needsYou',
  waits: 'waitsByItself',
}

/**
 * Whatever an outcome says replaces what the inbox said of the record before: entries close by themselves (A15).
 * @param keepsCases false in runs of before ambiguous cases stayed (keepsCase)
 */
export function withOutcomeInInbox(
  inbox: readonly InboxEntry[],
  outcome: Outcome,
  nowMs: number,
  keepsCases = true,
): InboxEntry[] {
  const isReplaced = (entry: InboxEntry): boolean =>
    isAbout(entry, outcome) && !isStillToBeSeen(entry, outcome) && !(keepsCases && keepsCase(entry, outcome))
  const previous = inbox.filter(isReplaced)
  const others = inbox.filter((entry) => !isReplaced(entry))
  const fresh = entriesOf(outcome, nowMs).map((entry) => {
    const before = previous.find((candidate) => candidate.id === entry.id)
    return before
      ? {
          ...entry,
          since: before.since,
          attempts: entry.reason === 'ambiguous' ? 1 : before.attempts + 1,
          label: entry.label || before.label,
        }
      : entry
  })
  return [...others, ...fresh].slice(-INBOX_LIMIT)
}

/**
 * The inbox with a record that was found changed at every attempt to write it: it is tried again, less and less often, and whoever
 * looks sees it wait. The entry closes as any other, with the first attempt that ends in another way.
 */
export function withNeverStill(
  inbox: readonly InboxEntry[],
  { erpId, shopId }: Pick<Outcome, 'erpId' | 'shopId'>,
  nowMs: number,
): InboxEntry[] {
  if (erpId === undefined && shopId === undefined) return [...inbox]
  const detail =
    'Every attempt to write it found it changed meanwhile: something edits it all the time, or a system does not state its version as it is.'
  const outcome: Outcome = {
    kind: 'parked',
    ...(erpId === undefined ? {} : { erpId }),
    ...(shopId === undefined ? {} : { shopId }),
    parked: { reason: 'waiting', side: erpId === undefined ? 'shop' : 'erp', label: '', detail, others: [] },
  }
  return withOutcomeInInbox(inbox, outcome, nowMs)
}

export function countByPile(inbox: readonly InboxEntry[]): { needsYou: number; waitsByItself: number } {
  const needsYou = inbox.filter((entry) => entry.pile === 'needsYou').length
  return { needsYou, waitsByItself: inbox.length - needsYou }
}

/** A credit note that names no invoice is told of once, when it is made: a look that changes nothing says nothing new of it. */
function isStillToBeSeen(entry: InboxEntry, outcome: Outcome): boolean {
  return entry.field === 'credit' && outcome.kind === 'unchanged' && (outcome.notes ?? []).length === 0
}

/**
 * A record that waits or is refused settles nothing for others that share its key: they are looked at again once something
 * becomes of it, and would be listed nowhere until then.
 */
export function keepsCase(entry: InboxEntry, outcome: Outcome): boolean {
  const { erpId, shopId, parked } = outcome
  if (parked === undefined || parked.reason === 'ambiguous' || entry.reason !== 'ambiguous') return false
  const isOwn = (erpId !== undefined && entry.erpId === erpId) || (shopId !== undefined && entry.shopId === shopId)
  return !isOwn && isAbout(entry, outcome)
}

function isAbout(entry: InboxEntry, outcome: Outcome): boolean {
  if (outcome.erpId !== undefined && entry.erpId === outcome.erpId) return true
  if (outcome.shopId !== undefined && entry.shopId === outcome.shopId) return true
  // An ambiguous case is one entry, told of by whichever of its records was looked at last.
  return entry.reason === 'ambiguous' && keyOf(outcome).some((key) => entry.others.includes(key))
}

function keyOf(outcome: Outcome): `${'erp' | 'shop'}:${string}`[] {
  const keys: `${'erp' | 'shop'}:${string}`[] = []
  if (outcome.erpId !== undefined) keys.push(`erp:${outcome.erpId}`)
  if (outcome.shopId !== undefined) keys.push(`shop:${outcome.shopId}`)
  return keys
}

function entriesOf(outcome: Outcome, nowMs: number): InboxEntry[] {
  const entries: InboxEntry[] = []
  const { parked } = outcome
  const ids = { erpId: outcome.erpId ?? null, shopId: outcome.shopId ?? null }
  const base = { ...ids, since: nowMs, attempts: 1, field: null, others: [] as InboxEntry['others'] }
  if (parked && parked.detail !== '') {
    const others = parked.others ?? []
    const own = `${parked.side}:${parked.side === 'erp' ? outcome.erpId : outcome.shopId}` as const
    entries.push({
      ...base,
      id: parked.reason === 'ambiguous' ? ([own, ...others].sort()[0] as string) : own,
      pile: parked.reason === 'waiting' ? 'waitsByItself' : 'needsYou',
      reason: parked.reason,
      label: parked.label,
      detail: parked.detail,
      wayOut: wayOut(parked.reason, parked.side),
      others: parked.reason === 'ambiguous' ? [own, ...others] : others,
    })
  }
  for (const note of outcome.notes ?? []) {
    const pile = fieldMatters[note.kind]
    if (!pile) continue
    entries.push({
      ...base,
      id: `${ids.erpId === null ? `shop:${ids.shopId}` : `erp:${ids.erpId}`}/${note.field}`,
      pile,
      reason: 'field',
      label: '',
      field: note.field,
      detail: note.detail ?? fieldDetail(note),
      wayOut: fieldWayOut(note),
    })
  }
  return entries
}

function fieldDetail(note: FieldNote): string {
  if (note.kind === 'asks') return `${note.field} differs and a person decides.`
  if (note.kind !== 'revertedTwice') return `${note.field} was left as it is on both sides.`
  const owner = note.winner === 'shop' ? 'the webshop' : 'PowerOffice'
  return `${note.field} belongs to ${owner} and was changed on the other side again within the hour.`
}

function fieldWayOut(note: FieldNote): string {
  if (note.kind === 'waits') return byItself
  // Of the record as a whole: no field stands for it.
  if (note.field === 'credit' || note.field === 'totals')
    return 'Look at the record on both sides; the entry closes with its next change.'
  if (note.kind === 'locked') return 'Unlock the record where it is locked, or undo the edit on the other side.'
  return `Edit ${note.field} on either side; the entry closes when the two agree.`
}

const byItself = 'Nothing to do: it is tried again by itself.'

/** One sentence a reason: what a person can do. `%` is the system that holds the record. */
const waysOut: Readonly<Record<InboxEntry['reason'], string>> = {
  refused: 'Correct the record in %; it is tried again as soon as it changes.',
  ambiguous:
    'Link two of the records by hand (kobling link), say that one is to be created (kobling create), or change the shared key.',
  unreadable: 'Correct the value in %; the record is read again as soon as it changes.',
  excluded: 'Link it to another record (kobling link), or ask for a new counterpart (kobling inbox --retry).',
  vanished: 'Approve that its counterpart is archived (kobling inbox --approve), or restore the record.',
  cancelled:
    'Approve that its draft in PowerOffice is deleted (kobling inbox --approve); an order that went further is a credit note there.',
  notCreated: 'Do what the sentence says; or say that it is to be created all the same (kobling create).',
  conflict: byItself,
  dormant: byItself,
  field: byItself,
  ignored: byItself,
  link: byItself,
  outOfScope: byItself,
  room: byItself,
  waiting: byItself,
}

function wayOut(reason: InboxEntry['reason'], side: 'erp' | 'shop'): string {
  return waysOut[reason].replace('%', side === 'erp' ? 'PowerOffice' : 'the webshop')
}
