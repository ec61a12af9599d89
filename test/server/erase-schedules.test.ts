import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AuditReport } from '../../flows/audit.ts'
import { koblingOf } from '../support/kobling.ts'
import { plainTextOf } from '../support/replay-histories.ts'
import { startWorld, until, type World } from '../support/world.ts'

let world: World
let shopId: string
let erpId: string
const kobling = (...args: string[]) => koblingOf(world.settings)(...args)
/** Of Kari, in whatever the flow may say: her name and her e-mail. */
const words = /kari|nordmann/i

beforeAll(async () => {
  world = await startWorld({ webhooks: false })
  const kari = { firstName: 'Kari', lastName: 'Nordmann', email: 'kari.nordmann@fjordnett.example' }
  ;[shopId = ''] = world.shop.insertCustomers([{ kind: 'person', ...kari }])
  world.shop.insertCustomers([{ kind: 'company', name: 'Skog AS', organizationNumber: '912345678' }])
  await world.startWorker()
  await world.startFlow()
  await world.settled()
  const [created] = world.erp.customers.all()
  erpId = String(created?.Id)
  // Something to say of her: an edit that moved, and an e-mail that the webshop does not take.
  await world.editInShop(shopId, { phone: '+47 22 33 44 55' })
  await until(
    'her edit to arrive',
    async () => world.erp.customers.get(Number(erpId))?.PhoneNumber === '+47 22 33 44 55',
  )
  world.erp.customers.edit(Number(erpId), { EmailAddress: 'kari at nordmann' })
  await until('her e-mail to be listed', async () => (await world.inbox()).some((entry) => entry.erpId === erpId))
  await world.settled()
})
afterAll(async () => {
  for (const name of ['audit', 'export'])
    await world?.client.schedule
      .getHandle(`${world.settings.connection}.${name}`)
      .delete()
      .catch(() => undefined)
  await world?.close()
})

const stateText = async (): Promise<string> => JSON.stringify(await world.handle.query('state'))

test('erase takes the words about a person out of the state, by one id of two, and leaves those about others', async () => {
  expect(await stateText()).toMatch(words)
  const { runId } = await world.handle.describe()
  const { code, said } = await kobling('erase', 'customers', `shop:${shopId}`, '--by', 'Ola')
  expect([code, said]).toEqual([0, expect.stringContaining(`erp:${erpId} and shop:${shopId} erased`)])
  await until('the new run to begin', async () => (await world.handle.describe()).runId !== runId)
  expect(await stateText()).not.toMatch(words)
  const inbox = await world.inbox()
  expect(inbox.map(({ label }) => label).sort()).toEqual(['', 'Skog AS'])
  // Neither does the history of the run that goes on: the ended one is the retention's.
  const { events } = await world.handle.fetchHistory()
  expect(plainTextOf(JSON.parse(historyToJSON({ events: events ?? [] })))).not.toMatch(words)
})

test('erase of a record that nothing is said of says so, and of what names no record is refused', async () => {
  expect(await kobling('erase', 'customers', 'shop:c-nobody')).toMatchObject({
    code: 0,
    said: expect.stringContaining('0 places'),
  })
  expect(await kobling('erase', 'customers', shopId)).toMatchObject({ code: 2 })
})

test('the link outlives the erasure: an edit still travels, and nobody is created a second time', async () => {
  world.erp.customers.edit(Number(erpId), { EmailAddress: 'k@fjordnett.example', PhoneNumber: '+47 22 00 00 01' })
  await until('the edit to arrive', async () => (await world.shopCustomer(shopId))['phone'] === '+47 22 00 00 01')
  expect(world.erp.customers.all()).toHaveLength(1)
})

test('the nightly audit and export run by their schedules, each with its file below the data folder', async () => {
  const { connection, dataDir } = world.settings
  expect((await kobling('start', 'customers')).code).toBe(0)
  for (const name of ['audit', 'export']) await world.client.schedule.getHandle(`${connection}.${name}`).trigger()
  // A file is written beside its place and moved there when it is whole.
  const filesIn = (folder: string) =>
    existsSync(join(dataDir, folder))
      ? readdirSync(join(dataDir, folder)).filter((name) => !name.endsWith('.partial'))
      : []
  await until('the export', async () => filesIn('exports').length > 0)
  await until('the report of the audit', async () => filesIn('audits').length > 0)
  const [reportName = ''] = filesIn('audits')
  const report = JSON.parse(readFileSync(join(dataDir, 'audits', reportName), 'utf8')) as AuditReport
  expect([report.connection, report.repair, report.workflows]).toEqual([connection, true, []])
  expect(report.flows.find(({ flow }) => flow === 'customers')).toMatchObject({ remaining: [] })
  const [exportName = ''] = filesIn('exports')
  expect(readFileSync(join(dataDir, 'exports', exportName), 'utf8')).toContain('"format":"kobling-memory"')
})
