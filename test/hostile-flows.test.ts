import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ParsedRecord } from '../activities/connector.ts'
import { toReading } from '../activities/reading/to-reading.ts'
import { collectionOf, type Systems } from '../activities/systems/systems.ts'
import { flowNamed } from '../flows/registry.ts'
import { type Side, sides } from '../flows/side.ts'
import { context } from './connectors/system-under-test.ts'
import { type HostileKind, hostileKinds, type Planted, plantHostile } from './support/hostile-flows.ts'
import { startRewrittenSystems } from './support/rewritten-systems.ts'

// What test/hostile-lists.test.ts asks of customers, of every other flow's records and of the lists of orders.

const EACH = 60
const closing: (() => Promise<unknown>)[] = []
let planted: Planted
let systems: Systems

beforeAll(async () => {
  const { close, ...started } = await startRewrittenSystems((both) => {
    planted = plantHostile(both, {
      howMany: { departments: EACH, products: EACH, salesOrders: EACH, lists: EACH },
      number: 1,
      withChosen: true,
    })
    const shownOn = (side: Side) => ({ rewrite: planted.rewrite(side), spell: planted.spell(side) })
    return { erp: shownOn('erp'), shop: shownOn('shop') }
  })
  systems = started.systems
  closing.push(close)
})
afterAll(async () => {
  for (const close of closing) await close()
})

const flowOf = (kind: HostileKind) => (kind === 'lists' ? 'salesOrders' : kind)
const hasItsId = ({ field }: { readonly field: string }) => field.toLowerCase() !== 'id'
const cases = hostileKinds.flatMap((kind) => sides.map((side) => [kind, side] as const))

/** What a person would be told of these. */
function problemsOf(kind: HostileKind, side: Side, records: readonly ParsedRecord[]) {
  const definition = flowNamed(flowOf(kind))
  return records.flatMap((record) => {
    if (record.kind === 'unreadable') return [{ id: record.id, path: record.path, problem: record.problem }]
    if (record.kind === 'missing') return []
    const result = toReading({ definition, side, record, clockOffsetMs: 0, withContent: true })
    return result.ok ? [] : [{ id: record.id, path: result.path, problem: result.problem }]
  })
}

test.each(cases)('no hostile value ends the list of %s (%s)', async (kind, side) => {
  const records = await collectionOf(systems, side, flowOf(kind)).listAll(context)
  const ids = new Set(records.map(({ id }) => id))
  const isOfOtherKind = (field: string) => kind === 'departments' && field === 'kind'
  const missing = planted.hostile[kind][side].all.filter(
    (record) => hasItsId(record) && !ids.has(record.id) && !isOfOtherKind(record.field),
  )
  expect(missing.map(({ field, json }) => `${field}: ${json.slice(0, 40)}`)).toEqual([])
})

test.each(cases)(
  'what is read by its id is read, or unreadable with its field and what is the matter: %s (%s)',
  async (kind, side) => {
    const collection = collectionOf(systems, side, flowOf(kind))
    const own = planted.hostile[kind][side].all.filter(hasItsId)
    const records: ParsedRecord[] = []
    const failures: string[] = []
    // Departments of PowerOffice are read by their list, whoever is asked for.
    const few = kind === 'departments' && side === 'erp' ? own.length : 1
    for (let from = 0; from < own.length; from += few) {
      const asked = own.slice(from, from + few)
      const [{ id, field, json } = { id: '', field: '', json: '' }] = asked
      try {
        if (collection.readWhole) records.push(await collection.readWhole(id, context))
        else
          records.push(
            ...(
              await collection.readMany(
                asked.map((one) => one.id),
                context,
              )
            ).values(),
          )
      } catch (failure) {
        failures.push(`${field}: ${json.slice(0, 40)}: ${(failure as Error).message.slice(0, 200)}`)
      }
    }
    expect(failures).toEqual([])
    expect(records.map(({ id }) => id).sort()).toEqual(own.map(({ id }) => id).sort())
    const problems = problemsOf(kind, side, records)
    expect(problems.length).toBeGreaterThan(10)
    for (const { path, problem } of problems) {
      expect(path).not.toBe('')
      expect(problem).not.toMatch(/^$|invalid input/i)
      expect(problem.length).toBeLessThan(200)
    }
  },
)
