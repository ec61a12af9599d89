import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ParsedRecord } from '../activities/connector.ts'
import { toReading } from '../activities/reading/to-reading.ts'
import { collectionOf, type Systems } from '../activities/systems/systems.ts'
import { customers } from '../flows/customers.ts'
import { type Side, sides } from '../flows/side.ts'
import { context } from './connectors/system-under-test.ts'
import { erpCompany, shopCompany } from './support/customers.ts'
import { type HostileRecords, hostileErpRecords, hostileShopRecords } from './support/hostile-records.ts'
import { startRewrittenSystems } from './support/rewritten-systems.ts'

// 1,000 records with one hostile value each, in one list a side: types, sizes up to 10 MB, nesting, prototype keys, 1e400.

const EACH_SIDE = 500
const numbers = Array.from({ length: EACH_SIDE }, (_, at) => 1_000 + at)
const closing: (() => Promise<unknown>)[] = []
const hostile = {} as Record<Side, HostileRecords>
let systems: Systems

beforeAll(async () => {
  const { close, ...started } = await startRewrittenSystems(({ erp, shop }) => {
    hostile.erp = hostileErpRecords(
      erp.insertCustomers(numbers.map((number) => erpCompany(number))).map(({ Id }) => String(Id)),
    )
    hostile.shop = hostileShopRecords(
      shop.insertCustomers(numbers.map((number) => shopCompany(number + EACH_SIDE) as never)).map(String),
    )
    return hostile
  })
  systems = started.systems
  closing.push(close)
})
afterAll(async () => {
  for (const close of closing) await close()
})

test.each(sides)(
  'no hostile value ends the list of its side: every record is there, read or unreadable with its field (%s)',
  async (side) => {
    const listed = (await collectionOf(systems, side, 'customers').listAll(context)) as unknown
    const records = (
      Array.isArray(listed) ? listed : (listed as { records: unknown }).records
    ) as readonly ParsedRecord[]
    const ids = new Set(records.map(({ id }) => id))
    const own = hostile[side].all.filter(({ field }) => field.toLowerCase() !== 'id')
    const otherKind = (field: string, json: string) => field === 'kind' && json === '"department"'
    expect(
      own
        .filter(({ id, field, json }) => !ids.has(id) && !otherKind(field, json))
        .map(({ field, json }) => `${field}: ${json.slice(0, 40)}`),
    ).toEqual([])
    const results = records.flatMap((record) =>
      record.kind === 'record'
        ? [toReading({ definition: customers, side, record, clockOffsetMs: 0, withContent: true })]
        : [],
    )
    const problems = [
      ...records.flatMap((record) => (record.kind === 'unreadable' ? [record] : [])),
      ...results.flatMap((result) => (result.ok ? [] : [result])),
    ]
    expect(problems.length).toBeGreaterThan(200)
    expect(results.filter(({ ok }) => ok).length).toBeGreaterThan(100)
    for (const { path, problem } of problems) {
      expect(path).not.toBe('')
      expect(problem.length).toBeLessThan(200)
    }
  },
)
