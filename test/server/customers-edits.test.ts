import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { pauseUpdate, resumeUpdate } from '../../workflows/messages.ts'
import {
  editInErp,
  entryOf,
  erpCompany,
  erpPerson,
  erpRecord,
  expectEqualSystems,
  type Ids,
  insertPair,
  notesOf,
  organizationNumber,
  quiet,
  shopCompany,
  shopPerson,
  writesSinceReset,
} from '../support/customers.ts'
import { startWorld, until, type World } from '../support/world.ts'

let world: World
let company: Ids
let person: Ids

beforeAll(async () => {
  world = await startWorld()
  company = insertPair(world, erpCompany(1), shopCompany(1))
  person = insertPair(world, erpPerson(2), shopPerson(2))
  await world.startWorker()
  await world.startFlow()
  await until('both pairs to be linked', async () => (await world.status()).links === 2)
  await quiet(world)
})
afterAll(async () => {
  await world.close()
})
afterEach(async () => {
  await expectEqualSystems(world)
})

/** Both sides are edited before either is looked at. */
async function whilePaused(edits: () => Promise<void>): Promise<void> {
  await world.handle.executeUpdate(pauseUpdate, { args: [{ by: 'test' }] })
  await until('work to stop', async () => (await world.status()).inHand === 0)
  await edits()
  await world.handle.executeUpdate(resumeUpdate, { args: [{ by: 'test' }] })
}

/** PowerOffice's clock goes wrong for the time of one edit, so that its change time says so. */
function editInErpAt(skewMs: number, erpId: string, changes: Record<string, unknown>): void {
  world.erp.settings.change({ clockSkewMs: skewMs })
  editInErp(world, erpId, changes)
  world.erp.settings.change({ clockSkewMs: 0 })
}

describe('an edit on one side is followed by the other with exactly one write and no echo', () => {
  const inErp: [field: string, changes: Record<string, unknown>, shown: Record<string, unknown>][] = [
    ['name', { Name: 'Bedrift En AS' }, { name: 'Bedrift En AS' }],
    ['email', { EmailAddress: 'Ny@Bedrift.example' }, { email: 'Ny@Bedrift.example' }],
    ['phone', { PhoneNumber: '+47 23 45 67 89' }, { phone: '+47 23 45 67 89' }],
    [
      'organizationNumber',
      { OrganizationNumber: organizationNumber(71) },
      { organizationNumber: organizationNumber(71) },
    ],
    ['invoiceEmail', { InvoiceEmailAddress: 'regning@bedrift.example' }, { invoiceEmail: 'regning@bedrift.example' }],
    ['website', { WebsiteUrl: 'https://en.example' }, { website: 'https://en.example' }],
  ]
  test.each(inErp)('%s edited in PowerOffice', async (_field, changes, shown) => {
    await world.resetCounts()
    editInErp(world, company.erpId, changes)
    await until('the webshop to follow', async () => (await world.shopCounts()).writes > 0)
    await quiet(world)
    expect(await world.shopCustomer(company.shopId)).toMatchObject(shown)
    expect(await writesSinceReset(world)).toEqual({ erp: 0, shop: 1 })
  })

  test('personName edited in PowerOffice', async () => {
    await world.resetCounts()
    editInErp(world, person.erpId, { FirstName: 'Kåre', LastName: 'Østby' })
    await until('the webshop to follow', async () => (await world.shopCounts()).writes > 0)
    await quiet(world)
    expect(await world.shopCustomer(person.shopId)).toMatchObject({ firstName: 'Kåre', lastName: 'Østby' })
    expect(await writesSinceReset(world)).toEqual({ erp: 0, shop: 1 })
  })

  const inShop: [field: string, changes: Record<string, unknown>, shown: Record<string, unknown>][] = [
    ['name', { name: 'Bedrift To AS' }, { Name: 'Bedrift To AS' }],
    ['email', { email: 'To@Bedrift.example' }, { EmailAddress: 'To@Bedrift.example' }],
    ['phone', { phone: '+46 8 123 456 78' }, { PhoneNumber: '+46 8 123 456 78' }],
    [
      'organizationNumber',
      { organizationNumber: organizationNumber(72) },
      { OrganizationNumber: organizationNumber(72) },
    ],
    ['invoiceEmail', { invoiceEmail: 'to@bedrift.example' }, { InvoiceEmailAddress: 'to@bedrift.example' }],
    ['website', { website: 'to.example' }, { WebsiteUrl: 'to.example' }],
    [
      'address',
      { address: { line1: 'Torget 2', line2: 'Bakgården', zip: '5014', city: 'Bergen', country: 'NO' } },
      {
        MailAddress: {
          AddressLine1: 'Torget 2',
          AddressLine2: 'Bakgården',
          ZipCode: '5014',
          City: 'Bergen',
          CountryCode: 'NO',
        },
      },
    ],
  ]
  test.each(inShop)('%s edited in the webshop', async (_field, changes, shown) => {
    await world.resetCounts()
    await world.editInShop(company.shopId, changes)
    await until('PowerOffice to follow', async () => world.erp.counts.report().writes > 0)
    await quiet(world)
    expect(erpRecord(world, company.erpId)).toMatchObject(shown)
    expect(await writesSinceReset(world)).toEqual({ erp: 1, shop: 0 })
  })

  test('personName edited in the webshop', async () => {
    await world.resetCounts()
    await world.editInShop(person.shopId, { firstName: 'Åse', lastName: 'Ærlig' })
    await until('PowerOffice to follow', async () => world.erp.counts.report().writes > 0)
    await quiet(world)
    expect(erpRecord(world, person.erpId)).toMatchObject({ FirstName: 'Åse', LastName: 'Ærlig' })
    expect(await writesSinceReset(world)).toEqual({ erp: 1, shop: 0 })
  })
})

test('rule 6: a value spelled in another way is the same value, and nothing is written', async () => {
  await world.resetCounts()
  const dropped = (await world.status()).counters.outcomes.unchanged ?? 0
  editInErp(world, company.erpId, { EmailAddress: 'TO@BEDRIFT.EXAMPLE', PhoneNumber: '0046 812345678' })
  await world.editInShop(company.shopId, { organizationNumber: `NO ${organizationNumber(72)} MVA` })
  await quiet(world)
  expect(await writesSinceReset(world)).toEqual({ erp: 0, shop: 0 })
  expect((await world.status()).counters.outcomes.unchanged ?? 0).toBe(dropped)
})

describe('rule 3 and rule 5: edits on both sides between two looks', () => {
  test('rule 3: different fields edited on both sides both survive, with one write to each side', async () => {
    await world.resetCounts()
    await whilePaused(async () => {
      editInErp(world, company.erpId, { PhoneNumber: '33445566' })
      await world.editInShop(company.shopId, { website: 'https://begge.example' })
    })
    await until('both to follow', async () => {
      const writes = await writesSinceReset(world)
      return writes.erp > 0 && writes.shop > 0
    })
    await quiet(world)
    expect(erpRecord(world, company.erpId)).toMatchObject({
      PhoneNumber: '33445566',
      WebsiteUrl: 'https://begge.example',
    })
    expect(await world.shopCustomer(company.shopId)).toMatchObject({
      phone: '33445566',
      website: 'https://begge.example',
    })
    expect(await writesSinceReset(world)).toEqual({ erp: 1, shop: 1 })
  })

  test('rule 5: of the same field the later edit wins when it is the webshop that edited later', async () => {
    const before = notesOf(await world.status(), 'conflict')
    await world.resetCounts()
    await whilePaused(async () => {
      editInErpAt(-20_000, company.erpId, { PhoneNumber: '11111111' })
      await world.editInShop(company.shopId, { phone: '22222222' })
    })
    await until('PowerOffice to follow', async () => world.erp.counts.report().writes > 0)
    const status = await quiet(world)
    expect(erpRecord(world, company.erpId)).toMatchObject({ PhoneNumber: '22222222' })
    expect(await writesSinceReset(world)).toEqual({ erp: 1, shop: 0 })
    expect(notesOf(status, 'conflict')).toBe(before + 1)
  })

  test('rule 5: of the same field the later edit wins when it is PowerOffice that edited later', async () => {
    const before = notesOf(await world.status(), 'conflict')
    await world.resetCounts()
    await whilePaused(async () => {
      editInErpAt(20_000, company.erpId, { EmailAddress: 'senere@bedrift.example' })
      await world.editInShop(company.shopId, { email: 'tidligere@bedrift.example' })
    })
    await until('the webshop to follow', async () => (await world.shopCounts()).writes > 0)
    const status = await quiet(world)
    expect(await world.shopCustomer(company.shopId)).toMatchObject({ email: 'senere@bedrift.example' })
    expect(await writesSinceReset(world)).toEqual({ erp: 0, shop: 1 })
    expect(notesOf(status, 'conflict')).toBe(before + 1)
  })

  test('rule 5: closer than 5 s PowerOffice wins, and the conflict is counted', async () => {
    const before = notesOf(await world.status(), 'conflict')
    await world.resetCounts()
    await whilePaused(async () => {
      editInErp(world, company.erpId, { WebsiteUrl: 'https://kontor.example' })
      await world.editInShop(company.shopId, { website: 'https://butikk.example' })
    })
    await until('the webshop to follow', async () => (await world.shopCounts()).writes > 0)
    const status = await quiet(world)
    expect(await world.shopCustomer(company.shopId)).toMatchObject({ website: 'https://kontor.example' })
    expect(await writesSinceReset(world)).toEqual({ erp: 0, shop: 1 })
    expect(notesOf(status, 'conflict')).toBe(before + 1)
  })

  test('rule 5: of a field that PowerOffice owns its value wins, however late the webshop edited', async () => {
    await world.resetCounts()
    await whilePaused(async () => {
      editInErpAt(-20_000, company.erpId, { OrganizationNumber: organizationNumber(73) })
      await world.editInShop(company.shopId, { organizationNumber: organizationNumber(74) })
    })
    await until('the webshop to follow', async () => (await world.shopCounts()).writes > 0)
    await quiet(world)
    expect(await world.shopCustomer(company.shopId)).toMatchObject({ organizationNumber: organizationNumber(73) })
    expect(await writesSinceReset(world)).toEqual({ erp: 0, shop: 1 })
  })

  test('rule 5: the address has a time of its own: the webshop edited it later although PowerOffice edited the phone last', async () => {
    await world.resetCounts()
    await whilePaused(async () => {
      editInErpAt(-20_000, company.erpId, { MailAddress: { AddressLine1: 'Gammel vei 1' } })
      await world.editInShop(company.shopId, { address: { line1: 'Ny vei 2' } })
      editInErpAt(20_000, company.erpId, { PhoneNumber: '55667788' })
    })
    await until('both to follow', async () => {
      const writes = await writesSinceReset(world)
      return writes.erp > 0 && writes.shop > 0
    })
    await quiet(world)
    expect(erpRecord(world, company.erpId)).toMatchObject({
      PhoneNumber: '55667788',
      MailAddress: { AddressLine1: 'Ny vei 2' },
    })
    expect(await writesSinceReset(world)).toEqual({ erp: 1, shop: 1 })
  })
})

describe('fields that travel one way, and values that are cleared', () => {
  test('rule 7: a customer number edited in the webshop is put back once and counted as reverted', async () => {
    const number = String(erpRecord(world, company.erpId)['Number'])
    await world.resetCounts()
    await world.editInShop(company.shopId, { customerNumber: '99999' })
    await until('the webshop to be put right', async () => (await world.shopCounts()).writes > 0)
    const status = await quiet(world)
    expect(await world.shopCustomer(company.shopId)).toMatchObject({ customerNumber: number })
    expect(await writesSinceReset(world)).toEqual({ erp: 0, shop: 1 })
    expect(notesOf(status, 'reverted')).toBe(1)
  })

  test('rule 7: a second edit within the hour is listed and left; it closes when somebody sets the value back', async () => {
    const number = String(erpRecord(world, company.erpId)['Number'])
    await world.resetCounts()
    await world.editInShop(company.shopId, { customerNumber: '88888' })
    const entry = await until('the edit to be listed', () => entryOf(world, company.erpId))
    expect(entry).toMatchObject({
      reason: 'field',
      field: 'customerNumber',
      erpId: company.erpId,
      shopId: company.shopId,
      pile: 'needsYou',
    })
    await quiet(world)
    expect(await writesSinceReset(world)).toEqual({ erp: 0, shop: 0 })
    expect(await world.shopCustomer(company.shopId)).toMatchObject({ customerNumber: '88888' })
    await world.editInShop(company.shopId, { customerNumber: number })
    await until('the entry to close', async () => (await world.inbox()).length === 0)
  })

  test('rule 7: a customer made inactive in the webshop is made active again', async () => {
    await world.resetCounts()
    await world.editInShop(person.shopId, { active: false })
    await until('the webshop to be put right', async () => (await world.shopCounts()).writes > 0)
    await quiet(world)
    expect(await world.shopCustomer(person.shopId)).toMatchObject({ active: true })
    expect(await writesSinceReset(world)).toEqual({ erp: 0, shop: 1 })
  })

  test('a customer archived in PowerOffice becomes inactive in the webshop, and active again when it is taken back', async () => {
    editInErp(world, person.erpId, { IsArchived: true })
    await until('inactive', async () => (await world.shopCustomer(person.shopId))['active'] === false)
    editInErp(world, person.erpId, { IsArchived: false })
    await until('active', async () => (await world.shopCustomer(person.shopId))['active'] === true)
    await quiet(world)
    expect(await world.inbox()).toEqual([])
  })

  test('rule 3: clearing the phone on one side clears it on the other', async () => {
    await world.resetCounts()
    editInErp(world, company.erpId, { PhoneNumber: null })
    await until('the webshop to follow', async () => (await world.shopCustomer(company.shopId))['phone'] === null)
    await world.editInShop(company.shopId, { website: null })
    await until('PowerOffice to follow', async () => erpRecord(world, company.erpId)['WebsiteUrl'] === null)
    await quiet(world)
    expect(await writesSinceReset(world)).toEqual({ erp: 1, shop: 1 })
  })

  test('rule 8: a last e-mail that PowerOffice needs is not cleared there: it is listed, and both values stand', async () => {
    await world.resetCounts()
    await world.editInShop(person.shopId, { email: null })
    const entry = await until('it to be listed', () => entryOf(world, person.erpId))
    expect(entry).toMatchObject({ reason: 'field', field: 'email', pile: 'needsYou' })
    expect(entry.detail).toContain('PowerOffice sends this customer invoices by e-mail')
    await quiet(world)
    expect(await writesSinceReset(world)).toEqual({ erp: 0, shop: 0 })
    expect(erpRecord(world, person.erpId)['EmailAddress']).toBe('kari2@person.example')
    // Another field of the record goes on travelling meanwhile.
    await world.editInShop(person.shopId, { phone: '40506070' })
    await until('the phone to arrive', async () => erpRecord(world, person.erpId)['PhoneNumber'] === '40506070')
    await world.editInShop(person.shopId, { email: 'kari2@person.example' })
    await until('the entry to close', async () => (await world.inbox()).length === 0)
  })

  test('rule 8: the name of a company is not cleared in the webshop although PowerOffice shows none: it is listed, and both values stand', async () => {
    await world.resetCounts()
    const record = world.erp.customers.get(Number(company.erpId))
    if (!record) throw new Error(`PowerOffice has no customer ${company.erpId}`)
    const name = (await world.shopCustomer(company.shopId))['name']
    // Past the ERP's own rules, which refuse it.
    world.erp.customers.restore({ ...record, Name: '', LastChangedDateTimeOffset: new Date().toISOString() })
    const entry = await until('it to be listed', () => entryOf(world, company.erpId))
    expect(entry).toMatchObject({ reason: 'field', field: 'name', pile: 'needsYou' })
    await quiet(world)
    expect(await writesSinceReset(world)).toEqual({ erp: 0, shop: 0 })
    expect(await world.shopCustomer(company.shopId)).toMatchObject({ name })
    editInErp(world, company.erpId, { Name: name })
    await until('the entry to close', async () => (await world.inbox()).length === 0)
  })

  test('a kind changed after the link is listed and never converted', async () => {
    await world.resetCounts()
    await world.editInShop(company.shopId, { kind: 'person', firstName: 'Bedrift', lastName: 'En' })
    const entry = await until('it to be listed', () => entryOf(world, company.erpId))
    expect(entry).toMatchObject({ reason: 'field', field: 'kind', pile: 'needsYou' })
    await quiet(world)
    expect(erpRecord(world, company.erpId)['IsPerson']).toBe(false)
    expect(await writesSinceReset(world)).toEqual({ erp: 0, shop: 0 })
    await world.editInShop(company.shopId, { kind: 'company' })
    await until('the entry to close', async () => (await world.inbox()).length === 0)
    await quiet(world)
  })
})

test('A19: fifty edits of a record in a moment end with the last value and a few writes', async () => {
  await world.resetCounts()
  for (let edit = 1; edit <= 50; edit++) await world.editInShop(company.shopId, { name: `Bedrift ${edit} AS` })
  await until('the last value to arrive', async () => erpRecord(world, company.erpId)['Name'] === 'Bedrift 50 AS')
  await quiet(world)
  const writes = await writesSinceReset(world)
  expect(writes.shop).toBe(0)
  expect(writes.erp).toBeLessThanOrEqual(12)
  expect(await world.inbox()).toEqual([])
})

test('when every webhook is lost the poll finds the edit', async () => {
  await world.shopSettings({ webhooks: 'lost' })
  await world.resetCounts()
  await world.editInShop(person.shopId, { phone: '99990000' })
  await until('PowerOffice to follow', async () => erpRecord(world, person.erpId)['PhoneNumber'] === '99990000')
  await quiet(world)
  const { webhooks } = await world.shopCounts()
  expect(webhooks).toMatchObject({ sent: 0, lost: 1 })
  expect(await writesSinceReset(world)).toEqual({ erp: 1, shop: 0 })
  await world.shopSettings({ webhooks: 'on' })
})

test('after all edits every record is accounted for and nothing is listed', async () => {
  const status = await quiet(world)
  expect(status.links).toBe(2)
  expect(await world.inbox()).toEqual([])
  expect((await world.rows()).map((row) => row.kind)).toEqual(['linked', 'linked'])
})
