import type { Decision } from '../../flows/decision.ts'
import { EMPTY_HASH, hashAt } from '../../flows/field-hashes.ts'
import type { FlowDefinition } from '../../flows/flow-definition.ts'
import type { Side } from '../../flows/side.ts'
import { type Emptied, type FlowState, linksOf } from './flow-state.ts'
import { nameOf } from './words.ts'

/** Values cleared within this time belong to one event, such as an import that lost a column. */
const WINDOW_MS = 600_000
/** One field of so many links, or of this share of them, whichever is more (E20). */
const LIMIT = 20
const SHARE = 0.02
/** After a person said "go on", that many clearings are meant for so long. */
const ALLOWED_MS = 3_600_000

/**
 * Counts what these decisions would clear. When one field is about to be cleared on more records than people clear, nothing
 * of it is written: the answer is the reason for the pause. A column that an import lost is an accident, not a wish.
 */
export function withEmptied(
  definition: FlowDefinition,
  state: FlowState,
  decisions: readonly Decision[],
  nowMs: number,
): { readonly state: FlowState; readonly trippedBy: string | null } {
  const found = new Map<string, { readonly to: Side; readonly field: string; count: number }>()
  for (const decision of decisions) {
    if (decision.kind !== 'reconcile' || decision.how !== 'update') continue
    for (const [to, fields] of [['erp', decision.writeErp] as const, ['shop', decision.writeShop] as const])
      for (const field of fields) {
        const index = definition.fields.findIndex((candidate) => candidate.name === field)
        const source = to === 'erp' ? decision.shop : decision.erp
        if (hashAt(source.hashes, index) !== EMPTY_HASH) continue
        const name = `${to} ${field}`
        const known = found.get(name) ?? { to, field, count: 0 }
        found.set(name, { ...known, count: known.count + 1 })
      }
  }
  if (found.size === 0) return { state, trippedBy: null }
  const emptied: Record<string, Emptied> = { ...state.emptied }
  const limit = Math.max(LIMIT, Math.floor(linksOf(state) * SHARE))
  for (const [name, { to, field, count }] of found) {
    const before = emptied[name]
    const isSameEvent = before !== undefined && nowMs - before.since < WINDOW_MS
    const sum = (isSameEvent ? before.count : 0) + count
    emptied[name] = { count: sum, since: isSameEvent ? before.since : nowMs }
    if (sum > limit && nowMs > state.emptyingAllowedUntil) {
      const from = nameOf(to === 'erp' ? 'shop' : 'erp')
      return {
        state: { ...state, emptied: {} },
        trippedBy: `${field} was emptied on ${sum} records in ${from} at once; nothing more of it was carried over: look whether that is meant, then resume`,
      }
    }
  }
  return { state: { ...state, emptied }, trippedBy: null }
}

/** A person looked and said "go on". */
export function withEmptyingAllowed(state: FlowState, nowMs: number): FlowState {
  const isAsked = state.pauseReasons.some((reason) => reason.kind === 'breaker')
  return isAsked ? { ...state, emptyingAllowedUntil: nowMs + ALLOWED_MS } : state
}
