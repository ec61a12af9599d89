import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { linkUpdate, unlinkUpdate } from '../../workflows/messages.ts'
import { shopCustomers } from '../support/compare-systems.ts'
import {
  editInErp,
  entryOf,
  erpCompany,
  erpOf,
  erpPerson,
  erpRecord,
  expectEqualSystems,
  type Ids,
  insertPair,
  notesOf,
  organizationNumber,
  quiet,
  shopCompany,
  shopOf,
  shopPerson,
  writesSinceReset,
} from '../support/customers.ts'
import { startWorld, until, type World } from '../support/world.ts'

let world: World
const pairs: Record<'gaps' | 'names' | 'foreign' | 'archived' | 'apart' | 'ownNumber', Ids> = {} as never
const erpIds: Record<'archived' | 'inactive' | 'copied' | 'twinA' | 'twinB', string> = {} as never
const shopIds: Record<
  | 'inactive'
  | 'plain'
  | 'copyA'
  | 'copyB'
  | 'oneName'
  | 'noEmail'
  | 'noZip'
  | 'department'
  | 'guest'
  | 'badNumber'
  | 'twin',
  string
> = {} as never
const BAD_NUMBER = '123456789'
const NEIGHBOURS = 50

function inErp(record: object): string {
  return String(world.erp.insertCustomers([record])[0]?.Id)
}

function inShop(record: object): string {
  return String(world.shop.insertCustomers([record as never])[0])
}

beforeAll(async () => {
  world = await startWorld()
  pairs.gaps = insertPair(
    world,
    erpCompany(1, { PhoneNumber: null, InvoiceEmailAddress: null }),
    shopCompany(1, { website: null, address: null }),
  )
  pairs.names = insertPair(
    world,
    erpCompany(2, { Name: 'Fjord Handel AS' }),
    shopCompany(2, { name: 'FJORD', phone: '99887766' }),
  )
  pairs.foreign = insertPair(world, erpCompany(3, { ExternalImportReference: 'kasse-77' }), shopCompany(3))
  pairs.archived = insertPair(world, erpCompany(4), shopCompany(4))
  editInErp(world, pairs.archived.erpId, { IsArchived: true })
  pairs.apart = insertPair(world, erpCompany(5), shopCompany(5))
  pairs.ownNumber = insertPair(world, erpCompany(6), shopCompany(6, { customerNumber: 'K-7' }))
  erpIds.archived = inErp(erpCompany(11))
  editInErp(world, erpIds.archived, { IsArchived: true })
  erpIds.inactive = inErp(erpCompany(12, { IsActive: false }))
  shopIds.inactive = inShop(shopCompany(13, { active: false }))
  shopIds.plain = inShop(shopCompany(14))
  erpIds.copied = inErp(erpCompany(15))
  shopIds.copyA = inShop(shopCompany(16, { erpId: `customer:${erpIds.copied}` }))
  shopIds.copyB = inShop(shopCompany(17, { erpId: `customer:${erpIds.copied}` }))
  shopIds.oneName = inShop(shopPerson(21, { firstName: null, lastName: 'Madonna' }))
  shopIds.noEmail = inShop(shopPerson(22, { email: null }))
  shopIds.noZip = inShop(
    shopCompany(23, { address: { line1: 'Ukjent vei 1', line2: null, zip: null, city: 'Oslo', country: null } }),
  )
  shopIds.department = inShop({ kind: 'department', name: 'Avdeling Vest', customerNumber: '7' })
  shopIds.guest = inShop(shopPerson(24, { guest: true }))
  erpIds.twinA = inErp(erpPerson(31))
  erpIds.twinB = inErp(erpPerson(31, { FirstName: 'Ola' }))
  shopIds.twin = inShop(shopPerson(31))
  shopIds.badNumber = inShop(shopCompany(41, { organizationNumber: BAD_NUMBER }))
  for (let number = 0; number < NEIGHBOURS; number++) inShop(shopCompany(100 + number))
  await world.startWorker()
  await world.startFlow()
  await quiet(world)
})
afterAll(async () => {
  await world.close()
})

describe('rule 2: first agreement', () => {
  test('rule 2: a value beats an empty one, whichever side has it', async () => {
    expect(erpRecord(world, pairs.gaps.erpId)).toMatchObject({
      PhoneNumber: '22000001',
      InvoiceEmailAddress: 'faktura1@bedrift1.example',
    })
    expect(await world.shopCustomer(pairs.gaps.shopId)).toMatchObject({
      website: 'https://bedrift1.example',
      address: { line1: 'Storgata 1', zip: '0155', city: 'Oslo', country: 'NO' },
    })
  })

  test('rule 2: both filled and different, PowerOffice wins, and it is counted', async () => {
    expect(await world.shopCustomer(pairs.names.shopId)).toMatchObject({ name: 'Fjord Handel AS', phone: '22000002' })
    expect(erpRecord(world, pairs.names.erpId)).toMatchObject({ Name: 'Fjord Handel AS', PhoneNumber: '22000002' })
    expect(notesOf(await world.status(), 'firstAgreement')).toBe(2)
  })

  test('a customer number of the shop’s own gives way to PowerOffice’s', async () => {
    const number = erpRecord(world, pairs.ownNumber.erpId)['Number']
    expect(await world.shopCustomer(pairs.ownNumber.shopId)).toMatchObject({ customerNumber: String(number) })
  })
})

describe('rule 4: what takes part', () => {
  test('rule 4a: an archived customer that matches is linked, and inactive in the webshop', async () => {
    expect(await world.shopCustomer(pairs.archived.shopId)).toMatchObject({
      erpId: `customer:${pairs.archived.erpId}`,
      active: false,
    })
  })

  test('rule 4a: archived and inactive customers without a match are not created on the other side, nor listed', async () => {
    expect(await shopOf(world, erpIds.archived)).toBeUndefined()
    expect(await shopOf(world, erpIds.inactive)).toBeUndefined()
    expect(await erpOf(world, shopIds.inactive)).toBeUndefined()
    const rows = (await world.rows()).flatMap((row) => (row.kind === 'seen' ? [[row.id, row.reason]] : []))
    expect(rows).toContainEqual([erpIds.archived, 'dormant'])
    expect(rows).toContainEqual([erpIds.inactive, 'dormant'])
    expect(rows).toContainEqual([shopIds.inactive, 'dormant'])
    expect(await entryOf(world, erpIds.archived)).toBeUndefined()
  })

  test('rule 4c: a webshop customer of kind department is another flow’s: not created, not listed, not remembered', async () => {
    expect(await erpOf(world, shopIds.department)).toBeUndefined()
    expect(await entryOf(world, shopIds.department)).toBeUndefined()
    expect((await world.rows()).filter((row) => row.kind === 'seen' && row.id === shopIds.department)).toEqual([])
  })

  test('a guest customer is created like any other', async () => {
    expect(await erpOf(world, shopIds.guest)).toMatchObject({ IsPerson: true, EmailAddress: 'kari24@person.example' })
  })
})

describe('rule 12: references', () => {
  test('rule 12: what the sync creates in PowerOffice carries our reference, and the webshop is told the id', async () => {
    const created = await erpOf(world, shopIds.plain)
    expect(created).toMatchObject({ ExternalImportReference: `${world.settings.connection}:${shopIds.plain}` })
    expect(await world.shopCustomer(shopIds.plain)).toMatchObject({
      erpId: `customer:${created?.['Id']}`,
      customerNumber: String(created?.['Number']),
    })
  })

  test('rule 12: a matched customer gets no reference in PowerOffice, and a foreign one is never written over', async () => {
    expect(erpRecord(world, pairs.gaps.erpId)['ExternalImportReference']).toBeNull()
    expect(erpRecord(world, pairs.foreign.erpId)['ExternalImportReference']).toBe('kasse-77')
    expect(await world.shopCustomer(pairs.foreign.shopId)).toMatchObject({ erpId: `customer:${pairs.foreign.erpId}` })
  })

  test('rule 12: a copied reference is ambiguous: nothing is linked or created for it', async () => {
    const entry = await entryOf(world, shopIds.copyA)
    expect(entry?.reason ?? (await entryOf(world, shopIds.copyB))?.reason).toBe('ambiguous')
    const rows = (await world.rows()).flatMap((row) => (row.kind === 'seen' ? [[row.id, row.reason]] : []))
    for (const id of [erpIds.copied, shopIds.copyA, shopIds.copyB]) expect(rows).toContainEqual([id, 'ambiguous'])
    expect(world.erp.customers.all().filter((record) => record.Name === 'Bedrift 16 AS')).toEqual([])
  })

  test('rule 12: clearing the copy settles the rest of the case by itself', async () => {
    await world.editInShop(shopIds.copyB, { erpId: null })
    await until('the copied one to be created', async () => (await erpOf(world, shopIds.copyB)) !== undefined, 10_000)
    await until('the other one to be linked', async () =>
      (await world.rows()).some((row) => row.kind === 'linked' && row.shopId === shopIds.copyA),
    )
    await quiet(world)
    expect((await world.shopCustomer(shopIds.copyA))['erpId']).toBe(`customer:${erpIds.copied}`)
    expect((await world.inbox()).filter((entry) => entry.detail.includes('Copied'))).toEqual([])
  })
})

describe('what PowerOffice needs of a customer', () => {
  test('a person with one name has it as last name there, noted as adjusted and never written back', async () => {
    expect(await erpOf(world, shopIds.oneName)).toMatchObject({ FirstName: '-', LastName: 'Madonna' })
    expect(await world.shopCustomer(shopIds.oneName)).toMatchObject({ firstName: null, lastName: 'Madonna' })
    expect(notesOf(await world.status(), 'adjusted')).toBeGreaterThan(0)
  })

  test('a customer without any e-mail is created with Print; an e-mail that comes later makes it PdfByEmail', async () => {
    expect(await erpOf(world, shopIds.noEmail)).toMatchObject({ InvoiceDeliveryType: 'Print', EmailAddress: null })
    await world.resetCounts()
    await world.editInShop(shopIds.noEmail, { email: 'kari22@person.example' })
    await until('the e-mail', async () => (await erpOf(world, shopIds.noEmail))?.['EmailAddress'] !== null)
    await quiet(world)
    expect(await erpOf(world, shopIds.noEmail)).toMatchObject({
      InvoiceDeliveryType: 'PdfByEmail',
      EmailAddress: 'kari22@person.example',
    })
    expect(await writesSinceReset(world)).toEqual({ erp: 1, shop: 0 })
  })

  test('rule 9: an address without a zip code is withheld and listed while the customer goes; completed, it follows', async () => {
    const created = await erpOf(world, shopIds.noZip)
    expect(created).toMatchObject({ Name: 'Bedrift 23 AS' })
    expect(created?.['MailAddress'] ?? null).toBeNull()
    const entry = await entryOf(world, shopIds.noZip)
    expect(entry).toMatchObject({ reason: 'field', field: 'address', pile: 'needsYou' })
    expect(entry?.detail).toContain('add a zip code')
    await world.editInShop(shopIds.noZip, { address: { zip: '0150' } })
    await until('the entry to close', async () => (await entryOf(world, shopIds.noZip)) === undefined)
    expect((await erpOf(world, shopIds.noZip))?.['MailAddress']).toMatchObject({ ZipCode: '0150', City: 'Oslo' })
    expect((await world.shopCustomer(shopIds.noZip))['address']).toMatchObject({ line1: 'Ukjent vei 1', zip: '0150' })
  })
})

describe('a record that PowerOffice refuses', () => {
  test('it is listed with the vendor’s words, and its fifty neighbours were not held up', async () => {
    const entry = await entryOf(world, shopIds.badNumber)
    expect(entry).toMatchObject({ reason: 'refused', pile: 'needsYou', label: 'Bedrift 41 AS', erpId: null })
    expect(entry?.detail).toMatch(/organi[sz]ation ?number/i)
    const erpNames = new Set(world.erp.customers.all().map((record) => record.Name))
    for (let number = 0; number < NEIGHBOURS; number++) expect(erpNames).toContain(`Bedrift ${100 + number} AS`)
  })

  test('it is not tried again until it changes; corrected where it came from, it goes through and leaves the inbox', async () => {
    await world.resetCounts()
    await quiet(world)
    expect(await writesSinceReset(world)).toEqual({ erp: 0, shop: 0 })
    await world.editInShop(shopIds.badNumber, { organizationNumber: organizationNumber(41) })
    await until('the entry to close', async () => (await entryOf(world, shopIds.badNumber)) === undefined)
    expect(await erpOf(world, shopIds.badNumber)).toMatchObject({ OrganizationNumber: organizationNumber(41) })
    await quiet(world)
    expect(await writesSinceReset(world)).toEqual({ erp: 1, shop: 1 })
  })

  test('an edit of a linked customer that PowerOffice refuses is listed, both values stand, and taking it back closes it', async () => {
    await world.resetCounts()
    await world.editInShop(pairs.names.shopId, { organizationNumber: BAD_NUMBER })
    const entry = await until('it to be listed', () => entryOf(world, pairs.names.erpId))
    expect(entry).toMatchObject({ reason: 'refused', erpId: pairs.names.erpId, shopId: pairs.names.shopId })
    await quiet(world)
    expect(erpRecord(world, pairs.names.erpId)['OrganizationNumber']).toBe(organizationNumber(2))
    expect(await entryOf(world, pairs.names.erpId)).toMatchObject({ attempts: 1 })
    // Once with tests of the old values and, since it is not known which of the two was refused, once without.
    expect(await writesSinceReset(world)).toEqual({ erp: 2, shop: 0 })
    await world.editInShop(pairs.names.shopId, { organizationNumber: organizationNumber(2) })
    await until('the entry to close', async () => (await entryOf(world, pairs.names.erpId)) === undefined)
  })
})

describe('linked and unlinked by hand', () => {
  test('two customers of PowerOffice with the e-mail of one webshop customer are one ambiguous case, and none is created', async () => {
    const rows = (await world.rows()).flatMap((row) => (row.kind === 'seen' ? [[row.id, row.reason]] : []))
    for (const id of [erpIds.twinA, erpIds.twinB, shopIds.twin]) expect(rows).toContainEqual([id, 'ambiguous'])
    const cases = (await world.inbox()).filter((entry) => entry.reason === 'ambiguous')
    expect(cases.map((entry) => entry.detail)).toEqual([
      '2 customers in PowerOffice have the e-mail of this webshop customer; link one of them by hand or change the e-mail.',
    ])
    expect((await shopCustomers(world)).filter((record) => record['lastName'] === 'Nordmann 31')).toHaveLength(1)
  })

  test('linking two of them by hand closes the case; the third waits for a person until its e-mail is another', async () => {
    await world.handle.executeUpdate(linkUpdate, { args: [{ erpId: erpIds.twinA, shopId: shopIds.twin, by: 'test' }] })
    await until(
      'the link',
      async () => (await world.shopCustomer(shopIds.twin))['erpId'] === `customer:${erpIds.twinA}`,
    )
    await quiet(world)
    expect(await world.inbox()).toMatchObject([
      { reason: 'ambiguous', erpId: erpIds.twinB, detail: expect.stringContaining('is already linked') },
    ])
    expect(await shopOf(world, erpIds.twinB)).toBeUndefined()
    editInErp(world, erpIds.twinB, { EmailAddress: 'ola31@person.example' })
    await until('the third to be created', async () => (await shopOf(world, erpIds.twinB)) !== undefined)
    await until('the inbox to be empty', async () => (await world.inbox()).length === 0, 10_000)
  })

  test('an unlinked pair is not matched again although its keys agree: edits stay where they are made', async () => {
    const { erpId, shopId } = pairs.apart
    const links = (await world.status()).links
    await world.handle.executeUpdate(unlinkUpdate, { args: [{ erpId, shopId, by: 'test' }] })
    await until('the link to be gone', async () => (await world.status()).links === links - 1)
    await quiet(world)
    await world.resetCounts()
    editInErp(world, erpId, { PhoneNumber: '12121212' })
    await world.editInShop(shopId, { website: 'https://alene.example' })
    await quiet(world)
    expect(await writesSinceReset(world)).toEqual({ erp: 0, shop: 0 })
    expect(erpRecord(world, erpId)['WebsiteUrl']).toBe('https://bedrift5.example')
    expect((await world.shopCustomer(shopId))['phone']).toBe('22000005')
    expect((await world.status()).links).toBe(links - 1)
  })

  test('linked by hand again, the two follow each other again', async () => {
    const { erpId, shopId } = pairs.apart
    await world.handle.executeUpdate(linkUpdate, { args: [{ erpId, shopId, by: 'test' }] })
    await until('the link', async () =>
      (await world.rows()).some((row) => row.kind === 'linked' && row.erpId === erpId),
    )
    await until('the inbox to be empty', async () => (await world.inbox()).length === 0, 10_000)
    await world.editInShop(shopId, { phone: '34343434' })
    await until('PowerOffice to follow', async () => erpRecord(world, erpId)['PhoneNumber'] === '34343434')
    await quiet(world)
    expect((await world.shopCustomer(shopId))['website']).toBe('https://bedrift5.example')
  })
})

test('in the end both systems hold the same linked customers, and every other record is known with its reason', async () => {
  await quiet(world)
  expect(await world.inbox()).toEqual([])
  await expectEqualSystems(world, {
    erp: [erpIds.archived, erpIds.inactive],
    shop: [shopIds.inactive, shopIds.department],
  })
})
