import type { Decision } from '../../flows/decision.ts'
import type { Side } from '../../flows/side.ts'

/** Decisions in one apply of a first load: measured best with pages of 1,000. */
const BACKFILL_CHUNK = 250
/**
 * Chunks side by side. Four towards the webshop; with PowerOffice's one that makes five, and live batches besides (E8).
 * One at a time towards PowerOffice: its rate is the bound, and two chunks would each get half as much done in their five
 * seconds, for twice the history.
 */
export const laneCounts = { erp: 1, shop: 4 } as const
/**
 * Where pages overlap: a chunk more, so that the others' records keep the webshop busy while one chunk ends, puts its rows and
 * makes room for the next. No more requests are under way than with four (SHOP_SLOTS in activities/upsert).
 */
export const overlappingLaneCounts = { erp: 1, shop: 5 } as const

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
  return [...spread(toErp, laneCounts.erp), ...spread(rest, laneCounts.shop)]
}

/** Where a chunk of a first load writes: none holds decisions of both kinds. */
export function directionOf(decisions: readonly Decision[]): Side {
  return decisions.some(writesErp) ? 'erp' : 'shop'
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
