import { describe, expect, test } from 'vitest'
import type { Chunk } from '../activities/upsert/chunk.ts'
import { LANDING_MS, landedBy } from '../activities/upsert/still-landing.ts'
import type { CreateDecision } from '../flows/decision.ts'
import type { CreatingRow } from '../flows/row.ts'

const announced = (agoMs: number): CreatingRow => ({
  kind: 'creating',
  side: 'shop',
  id: 'o-1',
  reference: 'o-1',
  creation: 1,
  since: Date.now() - agoMs,
})

/** Whether a create of these rows that was not found may still arrive at a system of these traits. */
async function mayLand(rows: readonly CreatingRow[], traits: object): Promise<boolean> {
  const chunk = { collections: { erp: traits }, context: {} } as unknown as Chunk // what the question needs of it
  return (await whenLanded(chunk, rows)) !== null
}

function whenLanded(chunk: Chunk, rows: readonly CreatingRow[]): Promise<number | null> {
  return landedBy(chunk, { kind: 'create', on: 'erp', rows } as unknown as CreateDecision)
}

describe('E18: an earlier create that is not found may still be on its way', () => {
  const takesTwins = { hasUniqueReference: false }

  test('until long after it was announced, and as long as nobody knows when that was', async () => {
    expect(await mayLand([announced(LANDING_MS / 2)], takesTwins)).toBe(true)
    expect(await mayLand([announced(LANDING_MS * 2)], takesTwins)).toBe(false)
    expect(await mayLand([], takesTwins)).toBe(true)
  })

  test('and is looked for again as soon as it must have arrived', async () => {
    const row = announced(LANDING_MS / 2)
    const chunk = { collections: { erp: takesTwins }, context: {} } as unknown as Chunk
    expect(await whenLanded(chunk, [row])).toBe(row.since + LANDING_MS)
  })

  test('and a clock of another machine that is far ahead does not hold it up for ever', async () => {
    expect(await mayLand([announced(-3_600_000)], takesTwins)).toBe(false)
  })

  test('which does not matter to a system that refuses a second one, or repeats its first answer', async () => {
    expect(await mayLand([announced(0)], { hasUniqueReference: true })).toBe(false)
    expect(await mayLand([announced(0)], { ...takesTwins, repeatsCreation: async () => true })).toBe(false)
  })

  test('but does where the refusal is only inferred', async () => {
    expect(await mayLand([announced(0)], { hasUniqueReference: true, refusesTwin: false })).toBe(true)
  })
})
