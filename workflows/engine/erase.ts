import type { InboxEntry, Movement } from '../messages.ts'
import type { FlowState } from './flow-state.ts'

/** The ids under which a person's record is known, on one side or both. */
export interface ErasedIds {
  readonly erpId: string | null
  readonly shopId: string | null
}

/** What stands where words about a person stood: the matter itself still waits for somebody. */
export const ERASED_DETAIL = 'What was said here was erased on request: look at the record in its system.'

/**
 * The state without a word about a person: labels and details of what is listed and of what moved lately, and the examples of the first
 * contact's preview, which name anybody. Ids, hashes and matters stay, or the record would be created a second time.
 * @returns how many places were emptied
 */
export function withoutWordsAbout(
  state: FlowState,
  ids: ErasedIds,
): { readonly state: FlowState; readonly erased: number } {
  let erased = 0
  const emptied = <T extends InboxEntry | Movement>(one: T, words: Partial<T>): T => {
    const next = { ...one, ...words }
    if (JSON.stringify(next) !== JSON.stringify(one)) erased += 1
    return next
  }
  const inbox = state.inbox.map((entry) =>
    isOf(entry, ids) || namesOther(entry, ids) ? emptied(entry, { label: '', detail: ERASED_DETAIL }) : entry,
  )
  const recent = state.recent.map((move) => (isOf(move, ids) ? emptied(move, { label: '' }) : move))
  const preview = state.preview === null ? null : { ...state.preview, examples: {} }
  if (JSON.stringify(preview) !== JSON.stringify(state.preview)) erased += 1
  return { state: { ...state, inbox, recent, preview }, erased }
}

function isOf(one: ErasedIds, { erpId, shopId }: ErasedIds): boolean {
  return (erpId !== null && one.erpId === erpId) || (shopId !== null && one.shopId === shopId)
}

/** An ambiguous case is told in the words of all its records. */
function namesOther(entry: InboxEntry, { erpId, shopId }: ErasedIds): boolean {
  return entry.others.some((key) => key === `erp:${erpId}` || key === `shop:${shopId}`)
}
