import type { Decision } from '../../flows/decision.ts'

/** Decisions in one apply of a first load: measured best with pages of 1,000. */
const BACKFILL_CHUNK = 250
/** Chunks side by side towards the webshop; with the ERP's one that makes five, and live batches besides (E8). */
const SHOP_LANES = 4
/**
 * One chunk at a time towards PowerOffice: its rate is the bound, and two chunks would each get half as much done in
 * their five seconds, for twice the history.
 */
const ERP_LANES = 1

/** Spreads decisions over lanes; the chunks of one lane follow each other, lanes run side by side. */
export function chunksOf<T>(
  items: readonly T[],
  priority: 'live' | 'backfill',
  decisionOf: (item: T) => Decision,
): T[][][] {
  if (items.length === 0) return []
  if (priority === 'live') return [[[...items]]]
  const toErp = items.filter((item) => writesErp(decisionOf(item)))
  const rest = items.filter((item) => !writesErp(decisionOf(item)))
  return [...spread(toErp, ERP_LANES), ...spread(rest, SHOP_LANES)]
}

function writesErp(decision: Decision): boolean {
  return (
    (decision.kind === 'create' && decision.on === 'erp') ||
    (decision.kind === 'reconcile' && decision.writeErp.length > 0)
  )
}

function spread<T>(items: readonly T[], lanes: number): T[][][] {
  const chunks: T[][] = []
  for (let from = 0; from < items.length; from += BACKFILL_CHUNK) chunks.push(items.slice(from, from + BACKFILL_CHUNK))
  const result: T[][][] = Array.from({ length: Math.min(lanes, chunks.length) }, () => [])
  for (const [index, chunk] of chunks.entries()) result[index % result.length]?.push(chunk)
  return result
}
