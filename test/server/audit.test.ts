import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'libsql'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CheckReport } from '../../client/commands/check.ts'
import { auditWorkflowId, type DriftCount } from '../../flows/audit.ts'
import { shardWorkflowId } from '../../flows/directory.ts'
import { type LinkedRow, type Row, rowKey } from '../../flows/row.ts'
import { encodeRow } from '../../flows/row-codec.ts'
import { sideOf } from '../../flows/side.ts'
import { put1Update } from '../../workflows/messages.ts'
import { koblingOf } from '../support/kobling.ts'
import { startWorld, until, type World } from '../support/world.ts'

let world: World

beforeAll(async () => {
  // No webhooks, and no sweep before tomorrow: what is planted is found by the audit or by nobody.
  world = await startWorld({ webhooks: false, dataInFiles: true })
  world.erp.insertCustomers(
    Array.from({ length: 8 }, (_, index) => ({
      Name: `Fjord ${index} AS`,
      IsPerson: false,
      EmailAddress: `post${index}@fjordnett.example`,
    })),
  )
  // PowerOffice checks the last digit.
  world.shop.customers.create({ kind: 'company', name: 'Feil Nummer AS', organizationNumber: '974760674' })
  await world.startWorker()
  await world.startFlow()
  await world.settled()
})
afterAll(async () => {
  await world?.close()
})

const leafOf = (side: 'erp' | 'shop') =>
  world.client.workflow.getHandle(shardWorkflowId(world.settings.connection, 'customers', side === 'erp' ? 0 : 1))

async function check(...options: string[]): Promise<CheckReport & { code: number }> {
  const { code, said } = await koblingOf(world.settings)('check', '--json', ...options)
  const json = said.slice(0, said.lastIndexOf('}') + 1)
  return { code, ...(JSON.parse(json) as CheckReport) }
}

/** The customers' part of a report: counts by kind, and the first example of each. */
function kindsIn(counts: readonly DriftCount[]): Record<string, string> {
  return Object.fromEntries(
    counts.map(({ kind, count, examples }) => [
      kind,
      `${count}: ${[...(examples[0]?.keys ?? []), ...(examples[0]?.fields ?? [])].join(' ')}`,
    ]),
  )
}

const ofCustomers = ({ audit }: CheckReport) => {
  const found = audit?.flows.find(({ flow }) => flow === 'customers')
  if (!found) throw new Error('the report has no customers')
  return found
}

const writes = async (): Promise<number> => world.erp.counts.report().writes + (await world.shopCounts()).writes

async function takeOut(row: Row): Promise<void> {
  const key = rowKey(row)
  const { answers } = await leafOf(sideOf(key)).executeUpdate(put1Update, {
    args: [[{ key, expect: encodeRow(row), row: null }]],
  })
  expect(answers).toEqual([{ kind: 'done' }])
}

/** Straight into the webshop's database: no version, no change time, no place in its feed. */
function behindTheShop<T>(work: (database: Database.Database) => T): T {
  const database = new Database(world.shopFile)
  try {
    return work(database)
  } finally {
    database.close()
  }
}

/** The copy's place is one in the middle of the feed that is free, so that nobody who reads on meets it. */
function copyRecord(database: Database.Database, id: string, changes: Readonly<Record<string, string | null>>): void {
  const positions = database.prepare('SELECT position FROM customers ORDER BY position').all() as { position: number }[]
  const taken = new Set(positions.map(({ position }) => position))
  const free = Array.from({ length: Math.max(...taken) }, (_, index) => index + 1).find(
    (position) => !taken.has(position),
  )
  if (free === undefined) throw new Error('no place in the feed is free before its end')
  const { _metadata, ...original } = database.prepare('SELECT * FROM customers WHERE id = ?').get(id) as Record<
    string,
    unknown
  >
  const json = JSON.stringify({ ...(JSON.parse(String(original['json'])) as object), ...changes })
  const columns = Object.keys(original)
  const own = Object.fromEntries(Object.entries(changes).filter(([name]) => columns.includes(name)))
  const copy = { ...original, ...own, position: free, ordinal: -free, json }
  database
    .prepare(
      `INSERT INTO customers (${columns.map((name) => `"${name}"`).join()}) VALUES (${columns.map(() => '?').join()})`,
    )
    .run(columns.map((name) => copy[name as keyof typeof copy]) as never[])
}

test('what was planted behind both systems’ backs is told of by kind, settled by the flow on repair, and then gone', async () => {
  const rows = await world.rows()
  const links = rows.filter((row): row is LinkedRow => row.kind === 'linked')
  const [forgotten, deleted, changed, doubled] = links as [LinkedRow, LinkedRow, LinkedRow, LinkedRow]
  // Edited records move to the end of the feed, and leave places free in its middle.
  for (const { shopId } of links.slice(4, 7)) await world.editInShop(shopId, { phone: '+4722334455' })
  await until('the edits to arrive', async () => world.erp.customers.get(Number(links[6]?.erpId))?.PhoneNumber)
  await world.settled()
  expect(await check()).toMatchObject({ code: 0, clean: true, workflows: [] })

  await world.resetCounts()
  await takeOut(forgotten)
  behindTheShop((database) => {
    database.prepare('DELETE FROM customers WHERE id = ?').run([deleted.shopId])
    database
      .prepare("UPDATE customers SET json = json_set(json, '$.email', 'bak.ryggen@fjordnett.example') WHERE id = ?")
      .run([changed.shopId])
    copyRecord(database, doubled.shopId, { id: 'c-copied' })
    copyRecord(database, doubled.shopId, {
      id: 'c-alone',
      name: 'Alene AS',
      email: 'alene@fjordnett.example',
      erpId: null,
    })
  })

  const planted = {
    lost: '1: shop:c-alone',
    missingRow: `1: erp:${forgotten.erpId} shop:${forgotten.shopId}`,
    duplicate: `1: shop:${doubled.shopId} shop:c-copied reference`,
    diverged: `1: erp:${changed.erpId} shop:${changed.shopId} email`,
    vanished: `1: shop:${deleted.shopId}`,
  }
  const looked = await check()
  expect(kindsIn(ofCustomers(looked).found)).toEqual(planted)
  expect({ code: looked.code, clean: looked.clean, fed: ofCustomers(looked).fed }).toEqual({
    code: 1,
    clean: false,
    fed: 0,
  })
  expect(await writes()).toBe(0)

  const repaired = await check('--repair')
  expect(kindsIn(ofCustomers(repaired).found)).toEqual(planted)
  expect(kindsIn(ofCustomers(repaired).remaining)).toEqual({})
  expect(repaired.code).toBe(0)
  // The edit went over, the lost record was created and told its counterpart, and nothing else was written.
  expect(world.erp.customers.get(Number(changed.erpId))?.EmailAddress).toBe('bak.ryggen@fjordnett.example')
  expect([world.erp.counts.report().writes, (await world.shopCounts()).writes]).toEqual([2, 1])
  const after = await world.rows()
  expect(after.filter((row) => row.kind === 'linked').map((row) => [row.erpId, row.shopId])).toEqual(
    expect.arrayContaining([[forgotten.erpId, forgotten.shopId]]),
  )
  expect((await world.inbox()).map((entry) => entry.reason).sort()).toEqual(
    expect.arrayContaining(['refused', 'vanished']),
  )

  const clean = await check()
  expect({ code: clean.code, found: ofCustomers(clean).found }).toEqual({ code: 0, found: [] })
  expect(readdirSync(join(world.settings.dataDir, 'audits'))).toHaveLength(4)
})

test('E6: a flow and a leaf that were terminated are told of, put back with every row, and nothing is written', async () => {
  const textOfRows = async (): Promise<string[]> => (await world.rows()).map(encodeRow).sort()
  const before = await textOfRows()
  await world.handle.terminate('somebody clicked')
  await leafOf('erp').terminate('somebody clicked')
  await world.resetCounts()

  const told = await check()
  expect(told.code).toBe(1)
  expect(told.workflows.map(({ workflowId, kind, repaired }) => [workflowId, kind, repaired])).toEqual([
    [world.handle.workflowId, 'ended', false],
    [leafOf('erp').workflowId, 'ended', false],
  ])

  const repaired = await check('--repair')
  expect(repaired.workflows.map(({ repaired }) => repaired)).toEqual([true, true])
  expect({ code: repaired.code, skipped: ofCustomers(repaired).skipped, found: ofCustomers(repaired).found }).toEqual({
    code: 0,
    skipped: null,
    found: [],
  })
  expect(await textOfRows()).toEqual(before)
  expect(await writes()).toBe(0)
})

test('a check while no worker runs says so and leaves nothing behind that would run later', async () => {
  await world.stopWorker()
  const { code, said } = await koblingOf(world.settings)('check')
  expect(code).toBe(1)
  expect(said).toContain('No worker took up the audit: start everything with `npm start`')
  const audit = world.client.workflow.getHandle(auditWorkflowId(world.settings.connection))
  expect((await audit.describe()).status.name).toBe('TERMINATED')
})
