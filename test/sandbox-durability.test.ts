import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, expect, test } from 'vitest'
import { endProcesses } from './support/processes.ts'
import { type Store, startErp, startShop } from './support/sandbox-processes.ts'
import { seededRandom } from './support/seeded-random.ts'

// Writers write as fast as they are answered, the process is killed with -9 in the middle, and started again on its file.

const rounds = 3
const writers = 4
const folder = mkdtempSync(join(tmpdir(), 'kobling-durability-'))
afterEach(endProcesses)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test.each([
  ['PowerOffice', startErp],
  ['webshop', startShop],
] as const)(
  'the %s sandbox keeps every write that it acknowledged through kill -9, and shows none by halves',
  async (name, start) => {
    const dice = seededRandom(20_261_125)
    const acknowledged = new Map<string, Acknowledged>()
    for (let round = 1; round <= rounds; round += 1) {
      const store = await start(join(folder, name))
      const before = acknowledged.size
      const enough = dice.between(20, 60)
      let killed: Promise<void> | undefined
      const note = (write: Acknowledged) => {
        acknowledged.set(write.reference, write)
        // In the middle of the other writers' requests.
        if (acknowledged.size - before >= enough) killed ??= store.kill()
      }
      const ways = Array.from({ length: writers }, (_, writer) =>
        write(store, `${round}-${writer}`, note, () => killed !== undefined),
      )
      await Promise.all(ways)
      await killed
      expect(acknowledged.size - before).toBeGreaterThanOrEqual(enough)

      const again = await start(join(folder, name))
      const found = new Map((await again.orders()).map((order) => [order.reference, order]))
      const lost = [...acknowledged.keys()].filter((reference) => !found.has(reference))
      // An edit under way when the process died may be there or not; never an earlier one than was acknowledged.
      const stale = [...acknowledged.values()].filter(
        ({ reference, edits }) => (found.get(reference)?.edits ?? -1) < edits,
      )
      const halves = [...found.values()].filter(
        ({ lines, lineCount, total }) => lines !== linesAnOrder || lineCount !== lines || total !== lines * 10,
      )
      expect({ round, lost, stale, halves }).toEqual({ round, lost: [], stale: [], halves: [] })
      await again.kill()
    }
  },
  300_000,
)

interface Acknowledged {
  readonly reference: string
  /** How often it was edited, as far as was acknowledged. */
  readonly edits: number
}

const linesAnOrder = 5

/** Creates orders of several lines and edits each once, until the process is gone. */
async function write(
  store: Store,
  writer: string,
  note: (write: Acknowledged) => void,
  isOver: () => boolean,
): Promise<void> {
  for (let number = 1; !isOver(); number += 1) {
    const reference = `order-${writer}-${number}`
    try {
      const id = await store.create(reference, linesAnOrder)
      note({ reference, edits: 0 })
      await store.edit(id, 1)
      note({ reference, edits: 1 })
    } catch (failure) {
      // What was not acknowledged may be there or not. Before the kill nothing may fail.
      if (!isOver()) throw failure
      return
    }
  }
}
