import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { MemoryFileHeader } from '../../flows/memory-file.ts'
import { rowKey } from '../../flows/row.ts'
import { encodeRow } from '../../flows/row-codec.ts'
import { sideOf } from '../../flows/side.ts'
import { put1Update } from '../../workflows/messages.ts'
import { koblingOf } from '../support/kobling.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World
const kobling = (...args: string[]) => koblingOf(world.settings)(...args)
const file = (): string => join(world.settings.dataDir, 'memory.jsonl')
const textOfRows = async (): Promise<string[]> => (await world.rows()).map(encodeRow).sort()
const writes = async (): Promise<number> => world.erp.counts.report().writes + (await world.shopCounts()).writes
/** Rows but for where their last decision stands. */
const withoutPointers = (rows: readonly string[]): string[] =>
  rows.map((text) => text.replace(/,"\d+\.\d+"/, '')).sort()

beforeAll(async () => {
  world = await startWorld()
  world.erp.insertCustomers(
    Array.from({ length: 8 }, (_, index) => ({
      Name: `Vik ${index} AS`,
      IsPerson: false,
      EmailAddress: `v${index}@fjordnett.example`,
    })),
  )
  world.shop.customers.create({ kind: 'company', name: 'Feil Nummer AS', organizationNumber: '974760674' })
  await world.startWorker()
  await world.startFlow()
  await world.settled()
})
afterAll(async () => {
  await world?.close()
})

test('an export holds every row as it is stored, with counts and a checksum, for its owner’s eyes only', async () => {
  const rows = await textOfRows()
  expect((await kobling('export', 'customers', '--to', file())).code).toBe(0)
  const lines = readFileSync(file(), 'utf8').trimEnd().split('\n')
  const header = JSON.parse(lines[0] ?? '') as MemoryFileHeader
  expect(header).toMatchObject({ format: 'kobling-memory', connection: world.settings.connection })
  expect(header.flows).toMatchObject([
    { flow: 'customers', generation: 1, rows: rows.length, kinds: { linked: 8, seen: 1 } },
  ])
  expect(lines.filter((line) => line.startsWith('[')).sort()).toEqual(rows)
  expect(statSync(file()).mode & 0o077).toBe(0)
})

test('a damaged file, one that is cut short and one of another connection are refused, and nothing is touched', async () => {
  const before = await textOfRows()
  const text = readFileSync(file(), 'utf8')
  const other = join(world.settings.dataDir, 'other.jsonl')
  writeFileSync(other, text.replace('"linked":8', '"linked":9'))
  expect(await kobling('import', other)).toMatchObject({ code: 1, said: expect.stringContaining('is damaged') })
  writeFileSync(other, text.slice(0, text.length - 120))
  expect(await kobling('import', other)).toMatchObject({ code: 1, said: expect.stringContaining('is cut short') })
  const elsewhere = koblingOf({ ...world.settings, connection: 'elsewhere' })
  expect(await elsewhere('import', file())).toMatchObject({
    code: 1,
    said: expect.stringContaining('their links have nothing to do with each other'),
  })
  expect(await textOfRows()).toEqual(before)
})

test('an import into a flow that runs adds what it lacks and overwrites nothing', async () => {
  const [first, second] = (await world.rows()).filter((row) => row.kind === 'linked')
  if (!first || !second) throw new Error('no links')
  const leaf = world.client.workflow.getHandle(`${world.settings.connection}.customers.links.0`)
  const newer = { ...second, flags: 'p' }
  await leaf.executeUpdate(put1Update, {
    args: [
      [
        { key: rowKey(first), expect: encodeRow(first), row: null },
        { key: rowKey(second), expect: encodeRow(second), row: encodeRow(newer) },
      ],
    ],
  })
  expect(await kobling('import', file())).toMatchObject({
    code: 0,
    said: expect.stringContaining('1 rows were added, 7 were there, 1 were left out'),
  })
  await world.settled()
  const rows = await textOfRows()
  expect(rows).toContain(encodeRow(newer))
  expect(rows.filter((text) => text.includes(`"${first.erpId}"`))).toHaveLength(1)
})

test('after everything was terminated an import gives back the rows with their bases and what was seen, and nothing is written', async () => {
  expect((await kobling('export', '--to', file())).code).toBe(0)
  const before = await textOfRows()
  const inbox = await world.inbox()
  await world.handle.terminate('everything is lost')
  for (const number of [0, 1])
    await world.client.workflow
      .getHandle(`${world.settings.connection}.customers.links.${number}`)
      .terminate('everything is lost')
  await world.resetCounts()
  expect(await kobling('import', file())).toMatchObject({ code: 1, said: expect.stringContaining('check --repair') })

  expect((await kobling('import', file(), '--replace')).code).toBe(0)
  const status = await world.settled()
  expect({ phase: status.phase, links: status.links }).toEqual({ phase: 'live', links: 8 })
  expect(await textOfRows()).toEqual(before)
  expect(await world.inbox()).toEqual(inbox)
  // It lives: an edit still finds its way, by the rows that were imported.
  const linked = (await world.rows()).find((row) => row.kind === 'linked' && sideOf(rowKey(row)) === 'erp')
  if (linked?.kind !== 'linked') throw new Error('no link')
  expect(await writes()).toBe(0)
  expect((await kobling('check')).code).toBe(0)
  expect(await writes()).toBe(0)
})

test('a rebuild finds the same links by references and keys, creates nothing, and is refused where nothing is wrong', async () => {
  const before = withoutPointers(await textOfRows())
  await world.resetCounts()
  expect(await kobling('rebuild', 'customers')).toMatchObject({ code: 1, said: expect.stringContaining('--force') })
  expect((await kobling('rebuild', 'customers', '--force')).code).toBe(0)
  await world.settled()
  const links = (rows: readonly string[]) => rows.map((text) => JSON.parse(text).slice(0, 3).join(' ')).sort()
  expect(links(await textOfRows())).toEqual(links(before))
  expect(world.erp.customers.all()).toHaveLength(8)
  // Terminated and started once more it takes over the memory of its own generation, not the one given up.
  await world.handle.terminate('and once more')
  expect((await kobling('start', 'customers')).code).toBe(0)
  await world.settled()
  expect(links(await textOfRows())).toEqual(links(before))
  expect((await kobling('check')).code).toBe(0)
})

test('the scheduled export writes below the data folder and keeps the newest', async () => {
  const schedule = world.client.schedule.getHandle(`${world.settings.connection}.export`)
  const { spec, action } = await schedule.describe()
  expect([spec.timezone, action.type === 'startWorkflow' && action.workflowType]).toEqual([
    'Europe/Oslo',
    'memoryExport',
  ])
  const exported = () =>
    world.client.workflow.execute('memoryExport', {
      workflowId: `${world.settings.connection}.export.now`,
      taskQueue: world.settings.taskQueue,
      args: [{ v: 1, connection: world.settings.connection, kept: 1 }],
    }) as Promise<string>
  const folder = join(world.settings.dataDir, 'exports')
  writeFileSync(await exported().then((path) => path.replace(/-\d{8}T\d{9}Z/, '-20200101T000000Z')), 'an old one')
  const path = await exported()
  expect(readdirSync(folder).map((name) => join(folder, name))).toEqual([path])
  expect((await kobling('import', path)).code).toBe(0)
  await schedule.delete()
  await world.client.schedule.getHandle(`${world.settings.connection}.audit`).delete()
})
