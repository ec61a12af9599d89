import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { approveUpdate, pauseUpdate, resumeUpdate, startUpdate, stopUpdate } from '../../workflows/messages.ts'
import {
  editInErp,
  erpCompany,
  erpRecord,
  expectEqualSystems,
  type Ids,
  insertPair,
  quiet,
  shopCompany,
  shopOf,
  writesSinceReset,
} from '../support/customers.ts'
import { startWorld, until, type World } from '../support/world.ts'

const by = [{ by: 'test' }] as const

describe('E24, rule 15: the flow in the hands of a person', () => {
  let world: World
  let pair: Ids
  let different: Ids

  beforeAll(async () => {
    world = await startWorld({ flow: { approveFirst: true } })
    pair = insertPair(world, erpCompany(1), shopCompany(1))
    different = insertPair(world, erpCompany(2, { PhoneNumber: null }), shopCompany(2, { name: 'To AS' }))
    world.erp.insertCustomers([erpCompany(3), erpCompany(4), erpCompany(5, { IsActive: false })])
    world.shop.insertCustomers([shopCompany(6) as never])
    await world.startWorker()
    await world.startFlow()
  })
  afterAll(async () => {
    await world.close()
  })

  async function edit(number: number): Promise<void> {
    await world.editInShop(pair.shopId, { phone: `5000000${number}` })
    editInErp(world, pair.erpId, { WebsiteUrl: `https://nummer${number}.example` })
  }

  async function followed(number: number): Promise<void> {
    await until('PowerOffice to follow', async () => erpRecord(world, pair.erpId)['PhoneNumber'] === `5000000${number}`)
    await until(
      'the webshop to follow',
      async () => (await world.shopCustomer(pair.shopId))['website'] === `https://nummer${number}.example`,
    )
    await quiet(world)
    expect(await writesSinceReset(world)).toEqual({ erp: 1, shop: 1 })
    await expectEqualSystems(world, { erp: [inactive()] })
  }

  const inactive = (): string => String(world.erp.customers.all().find((record) => record.Name === 'Bedrift 5 AS')?.Id)

  test('rule 15: a first start reads both systems, shows what it would do, and writes nothing', async () => {
    const status = await until('the preview', async () => {
      const now = await world.status()
      return now.phase === 'paused' && now
    })
    expect(status.pauseReasons).toMatchObject([{ kind: 'firstContact' }])
    expect(status.preview).toMatchObject({
      link: 2,
      createInShop: 2,
      createInErp: 1,
      ambiguous: 0,
      outOfScope: 1,
      examples: { createInErp: ['Bedrift 6 AS'] },
    })
    expect(status.preview?.overwriteErp).toBe(1)
    expect(status.preview?.overwriteShop).toBeGreaterThanOrEqual(1)
    // Resuming is not approving.
    await world.handle.executeUpdate(resumeUpdate, { args: [...by] })
    expect((await world.status()).phase).toBe('paused')
    await world.editInShop(pair.shopId, { phone: '22000001' })
    expect(await writesSinceReset(world)).toEqual({ erp: 0, shop: 0 })
    expect((await world.status()).links).toBe(0)
  })

  test('rule 15: once approved it does what it has shown', async () => {
    await world.handle.executeUpdate(approveUpdate, { args: [...by] })
    await until('all to be linked', async () => (await world.status()).links === 5)
    const status = await quiet(world)
    expect(status.counters.outcomes).toMatchObject({ linked: 2, created: 3 })
    expect(erpRecord(world, different.erpId)['PhoneNumber']).toBe('22000002')
    expect(await world.shopCustomer(different.shopId)).toMatchObject({ name: 'Bedrift 2 AS' })
    await expectEqualSystems(world, { erp: [inactive()] })
  })

  test('E24: while paused nothing is written, and nothing edited meanwhile is lost', async () => {
    expect(await world.handle.executeUpdate(pauseUpdate, { args: [{ by: 'test', why: 'stocktaking' }] })).toBe('paused')
    await until('work to stop', async () => (await world.status()).inHand === 0)
    await world.resetCounts()
    await edit(1)
    const paused = await world.status()
    expect(paused.pauseReasons).toMatchObject([{ kind: 'person', by: 'test', why: 'stocktaking' }])
    expect(await writesSinceReset(world)).toEqual({ erp: 0, shop: 0 })
    expect(await world.handle.executeUpdate(resumeUpdate, { args: [...by] })).toBe('live')
    await followed(1)
  })

  test('E24: stopped, the flow keeps its run open without pending activities, and started again it catches up', async () => {
    expect(await world.handle.executeUpdate(stopUpdate, { args: [...by] })).toBe('stopped')
    await until('nothing to be pending', async () => {
      const { raw } = await world.handle.describe()
      return (raw.pendingActivities ?? []).length === 0
    })
    await world.resetCounts()
    await edit(2)
    expect((await world.handle.describe()).status.name).toBe('RUNNING')
    expect(await writesSinceReset(world)).toEqual({ erp: 0, shop: 0 })
    expect(await world.handle.executeUpdate(startUpdate, { args: [...by] })).toBe('live')
    await followed(2)
  })

  test('E24: an edit made while no worker runs is found when one does', async () => {
    await world.stopWorker()
    await world.resetCounts()
    await edit(3)
    await world.startWorker()
    await followed(3)
    expect(await world.inbox()).toEqual([])
  })
})

describe('E25: with a short history', () => {
  const RECORDS = 40
  let world: World

  beforeAll(async () => {
    world = await startWorld({ flow: { maxEvents: 25 } })
    for (let number = 0; number < RECORDS; number++)
      if (number % 4 === 0) insertPair(world, erpCompany(number), shopCompany(number))
      else if (number % 4 === 1) world.shop.insertCustomers([shopCompany(number) as never])
      else world.erp.insertCustomers([erpCompany(number)])
    await world.startWorker()
    await world.startFlow()
    await until('all to be linked', async () => (await world.status()).links === RECORDS)
    await quiet(world)
  })
  afterAll(async () => {
    await world.close()
  })

  test('E25: the flow continues as new many times during a load and edits, and nothing is lost or doubled', async () => {
    await expectEqualSystems(world)
    expect(world.erp.customers.count()).toBe(RECORDS)
    await world.resetCounts()
    const companies = world.erp.customers.all()
    for (const [index, { Id }] of companies.entries()) {
      if (index % 2 === 0) editInErp(world, String(Id), { PhoneNumber: `600000${10 + index}` })
      else {
        const record = await shopOf(world, String(Id))
        await world.editInShop(String(record?.['id']), { phone: `700000${10 + index}` })
      }
    }
    await until('everything to have followed', async () => {
      const writes = await writesSinceReset(world)
      return writes.erp >= RECORDS / 2 && writes.shop >= RECORDS / 2
    })
    const status = await quiet(world)
    await expectEqualSystems(world)
    expect(await writesSinceReset(world)).toEqual({ erp: RECORDS / 2, shop: RECORDS / 2 })
    expect(status.links).toBe(RECORDS)
    expect(status.run.ordinal).toBeGreaterThan(3)
    expect(await world.inbox()).toEqual([])
  })
})
