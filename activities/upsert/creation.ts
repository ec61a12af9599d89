import type { CreateDecision } from '../../flows/decision.ts'

/** A record whose counterpart was deleted and is wanted again gets the next reference (`~2`), the first stays reserved. */
export function creationAfter(decision: CreateDecision): number {
  const earlier = decision.rows.find((row) => row.kind === 'creating')
  if (earlier?.kind === 'creating') return earlier.creation
  return decision.rows.some((row) => row.kind === 'gone') ? 2 : 1
}

export function idsOf(decision: CreateDecision): { erpId?: string; shopId?: string } {
  return decision.from.side === 'erp' ? { erpId: decision.from.id } : { shopId: decision.from.id }
}
