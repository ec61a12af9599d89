import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import {
  editInErp,
  entryOf,
  erpCompany,
  erpOf,
  erpRecord,
  expectEqualSystems,
  type Ids,
  insertPair,
  notesOf,
  organizationNumber,
  quiet,
  shopCompany,
  shopOf,
  writesSinceReset,
} from '../support/customers.ts'
import { startWorld, until, type World } from '../support/world.ts'

let world: World
let pair: Ids

beforeAll(async () => {
  world = await startWorld()
  pair = insertPair(world, erpCompany(1), shopCompany(1))
  await world.startWorker()
  await world.startFlow()
  await until('the pair to be linked', async () => (await world.status()).links === 1)
  await quiet(world)
})
afterAll(async () => {
  await world.close()
})
afterEach(async () => {
  await expectEqualSystems(world)
  expect(await world.inbox()).toEqual([])
})

/** Holds the next write to a side for a while, so that a person can edit between our reading and our write. */
async function slowWrite(side: 'erp' | 'shop', match: string, when: 'before' | 'after' = 'before'): Promise<void> {
  const fault = { kind: 'latency', method: 'PATCH', match, latencyMs: 1_000, when }
  if (side === 'erp') world.erp.faults.plan(fault)
  else await world.shopFault(fault)
}

async function writeUnderWay(side: 'erp' | 'shop'): Promise<void> {
  await until(`a write to be under way to ${side}`, async () =>
    side === 'erp'
      ? world.erp.faults.list().some((fault) => fault.hits > 0)
      : ((await (await fetch(`${world.shop.baseUrl}/sandbox/faults`)).json()) as { hits: number }[]).some(
          (fault) => fault.hits > 0,
        ),
  )
}

async function forgetFaults(): Promise<void> {
  world.erp.faults.clear()
  await fetch(`${world.shop.baseUrl}/sandbox/faults`, { method: 'DELETE' })
}

describe('A to B to A while a page of the first load is being applied', () => {
  let first: World

  beforeAll(async () => {
    first = await startWorld()
  })
  afterAll(async () => {
    await first.close()
  })

  test('E10, E13, rule 14: on either side it ends with what first agreement says, nothing is lost and nothing listed', async () => {
    const { erpId, shopId } = insertPair(
      first,
      erpCompany(5, { PhoneNumber: '11110021' }),
      shopCompany(5, { phone: '11110022' }),
    )
    const others = [6, 7, 8].map((number) => insertPair(first, erpCompany(number), shopCompany(number)))
    await first.shopFault({ kind: 'latency', method: 'PATCH', match: '11110021', latencyMs: 1_000, when: 'before' })
    await first.startWorker()
    await first.startFlow()
    await until('the write to be under way', async () => {
      const faults = await fetch(`${first.shop.baseUrl}/sandbox/faults`)
      return ((await faults.json()) as { hits: number }[]).some((fault) => fault.hits > 0)
    })
    expect((await first.status()).phase).toBe('initial')
    editInErp(first, erpId, { PhoneNumber: '11110023' })
    editInErp(first, erpId, { PhoneNumber: '11110021' })
    await first.editInShop(shopId, { phone: '11110024' })
    await first.editInShop(shopId, { phone: '11110022' })
    await until('all pairs to be linked', async () => (await first.status()).links === 1 + others.length)
    const status = await quiet(first)
    expect(erpRecord(first, erpId)['PhoneNumber']).toBe('11110021')
    expect(await first.shopCustomer(shopId)).toMatchObject({ phone: '11110021' })
    expect(first.erp.counts.report().writes).toBe(0)
    expect(notesOf(status, 'conflict')).toBe(0)
    expect(await first.inbox()).toEqual([])
    await expectEqualSystems(first)
  })
})

describe('an edit made while a write is under way', () => {
  test('E2, rule 14: another field edited in PowerOffice meanwhile survives: the answer shows it, and it is decided again', async () => {
    await world.resetCounts()
    await slowWrite('erp', '11110001')
    await world.editInShop(pair.shopId, { phone: '11110001' })
    await writeUnderWay('erp')
    editInErp(world, pair.erpId, { WebsiteUrl: 'https://samtidig.example' })
    await until('the webshop to follow', async () => (await world.shopCounts()).writes > 0)
    await quiet(world)
    await forgetFaults()
    expect(erpRecord(world, pair.erpId)).toMatchObject({
      PhoneNumber: '11110001',
      WebsiteUrl: 'https://samtidig.example',
    })
    expect(await writesSinceReset(world)).toEqual({ erp: 1, shop: 1 })
  })

  test('E19, rule 14: another field edited in the webshop meanwhile survives: its version has moved, and it is decided again', async () => {
    await world.resetCounts()
    await slowWrite('shop', '11110002')
    editInErp(world, pair.erpId, { PhoneNumber: '11110002' })
    await writeUnderWay('shop')
    await world.editInShop(pair.shopId, { website: 'https://ogsaa.example' })
    await until('PowerOffice to follow', async () => world.erp.counts.report().writes > 0)
    await quiet(world)
    await forgetFaults()
    expect(await world.shopCustomer(pair.shopId)).toMatchObject({
      phone: '11110002',
      website: 'https://ogsaa.example',
    })
    expect((await writesSinceReset(world)).erp).toBe(1)
  })

  test('rule 14: the same field edited in PowerOffice meanwhile is not written over unseen: it is a conflict, and counted', async () => {
    const before = notesOf(await world.status(), 'conflict')
    await slowWrite('erp', '11110003')
    await world.editInShop(pair.shopId, { phone: '11110003' })
    await writeUnderWay('erp')
    editInErp(world, pair.erpId, { PhoneNumber: '11110004' })
    await until('the webshop to follow', async () => (await world.shopCustomer(pair.shopId))['phone'] === '11110004')
    const status = await quiet(world)
    await forgetFaults()
    expect(erpRecord(world, pair.erpId)['PhoneNumber']).toBe('11110004')
    expect(notesOf(status, 'conflict')).toBe(before + 1)
  })

  test('E10: A to B to A in the webshop while B is on its way to PowerOffice ends with A on both sides', async () => {
    const first = String((await world.shopCustomer(pair.shopId))['phone'])
    await slowWrite('erp', '11110005')
    await world.editInShop(pair.shopId, { phone: '11110005' })
    await writeUnderWay('erp')
    await world.editInShop(pair.shopId, { phone: first })
    await until('PowerOffice to have had B', async () => erpRecord(world, pair.erpId)['PhoneNumber'] === '11110005')
    await until('A to come back', async () => erpRecord(world, pair.erpId)['PhoneNumber'] === first)
    await quiet(world)
    await forgetFaults()
    expect(await world.shopCustomer(pair.shopId)).toMatchObject({ phone: first })
  })

  test('E10: A to B to A in PowerOffice while B is on its way to the webshop ends with A on both sides', async () => {
    const first = String(erpRecord(world, pair.erpId)['PhoneNumber'])
    await slowWrite('shop', '11110006', 'after')
    editInErp(world, pair.erpId, { PhoneNumber: '11110006' })
    await writeUnderWay('shop')
    editInErp(world, pair.erpId, { PhoneNumber: first })
    await until(
      'the webshop to have had B',
      async () => (await world.shopCustomer(pair.shopId))['phone'] === '11110006',
    )
    await until('A to come back', async () => (await world.shopCustomer(pair.shopId))['phone'] === first)
    await quiet(world)
    await forgetFaults()
    expect(erpRecord(world, pair.erpId)['PhoneNumber']).toBe(first)
  })
})

describe('a record that people create in both systems at once', () => {
  const inShop = (number: number) =>
    world.shop.customers.all().filter((record) => record['organizationNumber'] === organizationNumber(number))

  /** The ids of the webshop's records of that number, once it is linked. */
  async function idsInShopOnceLinked(number: number, linksBefore: number): Promise<unknown[]> {
    await until('it to be linked', async () => (await world.status()).links === linksBefore + 1)
    await forgetFaults()
    await quiet(world)
    return inShop(number).map(({ id }) => id)
  }

  test('E18: one that appears in the webshop between the match and our create is linked, not made a second time', async () => {
    const before = (await world.status()).links
    // The match asks both systems what is new; PowerOffice takes its time.
    const slow = { kind: 'latency', latencyMs: 1_500, count: 1_000 }
    world.erp.faults.plan({ ...slow, method: 'GET', path: 'lastChanged', when: 'after' })
    const [source] = world.erp.insertCustomers([erpCompany(121)])
    await until('it to be read for a match', async () => (await world.status()).inHand > 0)
    // By the e-mail the webshop would refuse ours.
    const [twin] = world.shop.insertCustomers([shopCompany(121, { email: 'annen121@bedrift.example' }) as never])
    world.erp.faults.clear()
    expect(await idsInShopOnceLinked(121, before)).toEqual([String(twin)])
    expect(await shopOf(world, String(source?.Id))).toMatchObject({ id: String(twin) })
  })

  test('E18: one that appears while our create is on its way is linked where the webshop refuses ours as taken', async () => {
    const before = (await world.status()).links
    await world.shopFault({
      kind: 'latency',
      method: 'POST',
      match: '"Bedrift 122 AS"',
      latencyMs: 1_000,
      when: 'before',
    })
    const [source] = world.erp.insertCustomers([erpCompany(122)])
    await writeUnderWay('shop')
    const [twin] = world.shop.insertCustomers([shopCompany(122) as never])
    expect(await idsInShopOnceLinked(122, before)).toEqual([String(twin)])
    expect(await shopOf(world, String(source?.Id))).toMatchObject({ id: String(twin) })
  })
})

describe('replies that never come', () => {
  const createdInErp = (name: string) =>
    until(`${name} to be made in PowerOffice`, async () =>
      world.erp.customers.all().find((record) => record.Name === name),
    )
  const createdInShop = (name: string) =>
    until(`${name} to be made in the webshop`, async () =>
      world.shop.customers.all().find((customer) => customer['name'] === name),
    )

  test('E18, E19: what was written although its reply was lost is found again, on either side and however it was lost: never twice', async () => {
    const lost = [
      { number: 31, kind: 'reset' },
      { number: 32, kind: 'status', status: 500 },
    ]
    const before = (await world.status()).links
    await world.resetCounts()
    for (const { number, ...fault } of lost) {
      const rest = { ...fault, method: 'POST', path: '/customers', when: 'after' }
      world.erp.faults.plan({ ...rest, match: `"Bedrift ${number} AS"` })
      await world.shopFault({ ...rest, match: `"Bedrift ${number + 10} AS"` })
    }
    const fromShop = world.shop.insertCustomers(lost.map(({ number }) => shopCompany(number) as never))
    const fromErp = world.erp.insertCustomers(lost.map(({ number }) => erpCompany(number + 10)))
    world.erp.faults.plan({ kind: 'reset', method: 'PATCH', match: '11110007', when: 'after' })
    await world.editInShop(pair.shopId, { phone: '11110007' })
    await until('all four to be linked', async () => (await world.status()).links === before + 4)
    await until('every matter to close', async () => (await world.inbox()).length === 0)
    await quiet(world)
    await forgetFaults()
    expect(erpRecord(world, pair.erpId)['PhoneNumber']).toBe('11110007')
    expect(world.erp.counts.report().byRoute['PATCH /v2/Customers/{id}']).toBe(1)
    expect(world.erp.counts.report().byRoute['POST /v2/Customers']).toBe(2)
    expect((await world.shopCounts()).byRoute['POST /api/customers']).toBe(2)
    const names = world.erp.customers.all().map((record) => record.Name)
    for (const { number } of lost) {
      expect(names.filter((name) => name === `Bedrift ${number} AS`)).toHaveLength(1)
      expect(names.filter((name) => name === `Bedrift ${number + 10} AS`)).toHaveLength(1)
    }
    for (const shopId of fromShop) expect(await erpOf(world, String(shopId))).toBeDefined()
    for (const { Id } of fromErp) expect(await shopOf(world, String(Id))).toBeDefined()
    expect((await world.status()).counters.outcomes.adopted ?? 0).toBeGreaterThanOrEqual(2)
  })

  test('E18: what people edit on both sides after a creation whose reply was lost, before it is found again, is all kept', async () => {
    const before = (await world.status()).links
    const rest = { kind: 'reset', method: 'POST', path: '/customers', when: 'after' }
    world.erp.faults.plan({ ...rest, match: '"Bedrift 61 AS"' })
    await world.shopFault({ ...rest, match: '"Bedrift 71 AS"' })
    const [fromShop] = world.shop.insertCustomers([shopCompany(61) as never])
    const [fromErp] = world.erp.insertCustomers([erpCompany(71)])
    const erpId = String((await createdInErp('Bedrift 61 AS')).Id)
    const shopId = String((await createdInShop('Bedrift 71 AS'))['id'])
    // The newer record and its source are edited in different fields: neither edit is a conflict.
    editInErp(world, erpId, { PhoneNumber: '11110061' })
    await world.editInShop(shopId, { phone: '11110071' })
    await world.editInShop(String(fromShop), { name: 'Bedrift 61 Nord AS' })
    editInErp(world, String(fromErp?.Id), { Name: 'Bedrift 71 Nord AS' })
    await until('both to be linked', async () => (await world.status()).links === before + 2)
    await until('every matter to close', async () => (await world.inbox()).length === 0)
    await quiet(world)
    await forgetFaults()
    expect(erpRecord(world, erpId)).toMatchObject({ Name: 'Bedrift 61 Nord AS', PhoneNumber: '11110061' })
    expect(erpRecord(world, String(fromErp?.Id))).toMatchObject({ Name: 'Bedrift 71 Nord AS', PhoneNumber: '11110071' })
    expect(await world.shopCustomer(shopId)).toMatchObject({ name: 'Bedrift 71 Nord AS', phone: '11110071' })
  })

  test('E18: a new record whose reply was lost, deleted by people before it is found and changed at its source, stays deleted until a person wants it back', async () => {
    const before = (await world.status()).counters.outcomes.deleted ?? 0
    await world.shopFault({
      kind: 'reset',
      method: 'POST',
      path: '/customers',
      when: 'after',
      match: '"Bedrift 81 AS"',
    })
    const [source] = world.erp.insertCustomers([erpCompany(81)])
    const firstId = String((await createdInShop('Bedrift 81 AS'))['id'])
    world.shop.customers.remove(firstId)
    editInErp(world, String(source?.Id), { Name: 'Bedrift 81 Sør AS' })
    await until('the deletion to count', async () => ((await world.status()).counters.outcomes.deleted ?? 0) > before)
    await until('every matter to close', async () => (await world.inbox()).length === 0)
    await quiet(world)
    await forgetFaults()
    const named = () => world.shop.customers.all().filter(({ name }) => String(name).startsWith('Bedrift 81'))
    expect(named()).toEqual([])
    await world.handle.executeUpdate('create', { args: [{ key: `erp:${source?.Id}`, by: 'somebody' }] })
    const secondId = String((await createdInShop('Bedrift 81 Sør AS'))['id'])
    await until('it to be linked', async () => named()[0]?.erpId === `customer:${source?.Id}`)
    expect(named().map(({ id }) => id)).toEqual([secondId])
  })

  test('E10: a list of PowerOffice that is behind our own writes takes none of them back', async () => {
    const numbers = Array.from({ length: 12 }, (_, index) => 90 + index)
    const pairs = numbers.map((number) => insertPair(world, erpCompany(number), shopCompany(number)))
    const before = (await world.status()).links
    await until('the pairs to be linked', async () => (await world.status()).links === before + pairs.length)
    await quiet(world)
    // Longer than the sync needs to look again, so that its list shows what stood there before.
    world.erp.settings.change({ lateVisibility: 5_000 })
    const renamed = (index: number) => `Bedrift ${numbers[index]} Øst AS`
    for (const [index, { shopId }] of pairs.entries()) world.shop.customers.edit(shopId, { name: renamed(index) })
    const namesOf = (record: (ids: Ids, index: number) => unknown) => pairs.map(record)
    const inErp = () => namesOf(({ erpId }) => erpRecord(world, erpId)['Name'])
    const inShop = () => namesOf(({ shopId }) => world.shop.customers.get(shopId)?.name)
    const wanted = namesOf((_ids, index) => renamed(index))
    await until('the edits to arrive', async () => inErp().join() === wanted.join())
    await quiet(world)
    await world.handle.signal('changed', { keys: pairs.map(({ erpId }) => `erp:${erpId}`) })
    await quiet(world)
    world.erp.settings.change({ lateVisibility: 0 })
    expect(inShop()).toEqual(wanted)
    expect(inErp()).toEqual(wanted)
  })

  test('E17: one record that PowerOffice cannot take waits by itself while its neighbours pass, and goes through when it can', async () => {
    const before = (await world.status()).links
    world.erp.faults.plan({ kind: 'status', status: 500, method: 'POST', match: '"Bedrift 53 AS"', count: 1_000 })
    const [, , , poison] = world.shop.insertCustomers([50, 51, 52, 53, 54, 55, 56].map((n) => shopCompany(n) as never))
    await until('the neighbours to be linked', async () => (await world.status()).links === before + 6)
    const entry = await until('the record to be listed', () => entryOf(world, String(poison)))
    expect(entry).toMatchObject({ reason: 'waiting', pile: 'waitsByItself', label: 'Bedrift 53 AS' })
    expect(entry.detail).toContain('status 500')
    expect((await world.status()).phase).toBe('live')
    await forgetFaults()
    await until('it to go through by itself', async () => (await world.status()).links === before + 7)
    await until('the entry to close', async () => (await world.inbox()).length === 0)
    await quiet(world)
    expect(world.erp.customers.all().filter((record) => record.Name === 'Bedrift 53 AS')).toHaveLength(1)
  })
})
