import { describe, expect, test } from 'vitest'
import { changesBack } from '../client/conformance/clean-up.ts'
import { isRounded, totalsOf } from '../client/conformance/decimal.ts'
import { declaredLevel, declaredSchema } from '../client/conformance/declared.ts'
import { cameBackText, sentText } from '../client/conformance/exchange-text.ts'
import { judge } from '../client/conformance/judge.ts'
import { parseListenAddress } from '../client/conformance/listen-address.ts'
import { unmetNeed } from '../client/conformance/needs.ts'
import type { Outcome, RuleResult } from '../client/conformance/outcome.ts'
import { recordFault, tombstoneFault } from '../client/conformance/record-shape.ts'
import type { RuleLevel } from '../client/conformance/rule.ts'
import { allRules } from '../client/conformance/rules/all.ts'

const everything = declaredSchema.parse({
  contract: '1.0',
  shop: 'Shop',
  currency: 'NOK',
  pricesIncludeVat: false,
  customers: { kinds: ['company'], create: true, update: true, delete: true },
  products: { create: true, update: true },
  orders: { create: true, update: true, editLines: true, cancel: true },
  webhooks: true,
  tombstones: true,
  idempotency: true,
})
const updatesOnly = declaredSchema.parse({
  ...everything,
  customers: { kinds: ['company'], create: false, update: true },
  products: { create: false, update: true },
  orders: { create: false, update: true },
})

function result(id: string, level: RuleLevel, outcome: Outcome): RuleResult {
  return { id, level, title: '', why: '', hint: `mend ${id}`, outcome, notes: [] }
}
const held: Outcome = { kind: 'held' }
const broken: Outcome = { kind: 'broken', expected: 'status 412', sent: null, cameBack: null }

describe('the verdict', () => {
  test('a broken rule of a level keeps the shop below it, whatever holds above', () => {
    const results = [result('a', 1, held), result('b', 2, broken), result('c', 3, held), result('d', 4, held)]
    expect(judge(results, everything)).toEqual({
      reached: 1,
      declared: 4,
      next: { level: 2, missing: [{ what: 'b does not hold', hint: 'mend b' }] },
      conforms: false,
    })
  })

  test('a broken rule of no level changes no level, and the shop does not conform', () => {
    expect(judge([result('a', 1, held), result('x', 'any', broken)], everything)).toMatchObject({
      reached: 4,
      conforms: false,
    })
  })

  test('what is not offered does not count; what was not checked keeps the level open and is no fault', () => {
    const notOffered = result('a', 2, { kind: 'notOffered', reason: 'no departments' })
    const unchecked = ['b', 'c'].map((id) => result(id, 3, { kind: 'notChecked', reason: 'make one by hand' }))
    expect(judge([notOffered, ...unchecked], everything)).toEqual({
      reached: 2,
      declared: 4,
      next: { level: 3, missing: [{ what: 'b was not checked, c was not checked', hint: 'make one by hand' }] },
      conforms: true,
    })
  })

  test('what a blocked rule stands on is named first, and the shop does not conform', () => {
    const blocked: Outcome = { kind: 'blocked', expected: 'POST answers 201', sent: null, cameBack: null }
    expect(judge([result('a', 1, blocked)], everything)).toMatchObject({
      reached: 0,
      conforms: false,
      next: { missing: [{ what: 'a could not be tried', hint: 'first mend what is named there: POST answers 201' }] },
    })
  })

  test('the level that is declared is the highest one without a gap', () => {
    const gap = { ...everything, products: { create: true, update: false } }
    expect([everything, updatesOnly, gap].map(declaredLevel)).toEqual([4, 2, 1])
  })
})

describe('needs', () => {
  const given = { readOnly: false, invoice: false, listens: false, hasReaderKey: false }

  test('what the shop does not offer comes before what the kit was not given', () => {
    expect(unmetNeed(['invoicing', 'orders.create'], updatesOnly, given)).toEqual({
      kind: 'notOffered',
      reason: 'the shop does not declare orders.create',
    })
    expect(unmetNeed(['invoicing', 'orders.create'], everything, given)?.kind).toBe('notChecked')
    expect(unmetNeed(['orders.create'], everything, given)).toBeNull()
    expect(unmetNeed(['orders.create'], everything, { ...given, readOnly: true })?.kind).toBe('notChecked')
  })
})

test('every rule has an id of its own, and says why it matters and where to look', () => {
  const ids = allRules.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids.filter((id) => !/^[a-z]+\.[a-z-]+$/.test(id))).toEqual([])
  expect(allRules.filter(({ why, hint, title }) => [why, hint, title].some((text) => text.length < 10))).toEqual([])
})

describe('decimals', () => {
  test.each([
    [
      '1234.565655',
      ['1234.57', '1234.566', '1234.56566', 1234.565655],
      ['1234.56', '1234.565', '1234.565654', 'x', null],
    ],
    ['-0.055555', ['-0.06', '-0.0556', '-0.055555'], ['-0.05', '-0.055', '0.06']],
    ['0.105', ['0.11', '0.105', '0.1050'], ['0.1', '0.10']],
  ])('%s may be kept with fewer decimals only when they are rounded half-up', (written, right, wrong) => {
    expect([...right, ...wrong].map((stored) => isRounded(stored, written, 2))).toEqual([
      ...right.map(() => true),
      ...wrong.map(() => false),
    ])
  })

  test('totals are rounded a line, with ties away from zero, and the VAT of each line likewise', () => {
    const line = (
      quantity: string | null,
      unitPriceExVat: string,
      vatRate: string,
      discountPercent: string | null = null,
    ) => ({
      quantity,
      unitPriceExVat,
      vatRate,
      discountPercent,
    })
    expect(totalsOf([line('3', '0.335', '25')])).toEqual({ exVat: '1.01', incVat: '1.26' })
    expect(totalsOf([line(null, '-5.005', '25')])).toEqual({ exVat: '-5.01', incVat: '-6.26' })
    expect(totalsOf([line('2', '49.99', '25', '12.5'), line('1', '10.02', '15')])).toEqual({
      exVat: '97.50',
      incVat: '120.87',
    })
    expect(totalsOf([])).toEqual({ exVat: '0.00', incVat: '0.00' })
  })
})

test('a record is put back by what has changed alone: members that are new go, the shop’s own stay out', () => {
  const before = {
    id: 'c-1',
    version: '1',
    phone: '1',
    website: null,
    address: { line1: 'A', line2: null },
    erpId: null,
  }
  const now = { id: 'c-1', version: '9', phone: '2', website: 'w', address: { line1: 'A', line2: 'B' }, erpId: 'x' }
  expect(changesBack(before, now)).toEqual({ phone: '1', website: null, address: { line2: null }, erpId: null })
  expect(changesBack(before, { ...now, address: null })['address']).toEqual({ line1: 'A', line2: null })
  expect(changesBack({ ...before, address: null }, now)['address']).toBeNull()
  expect(changesBack(before, { ...before, version: '9' })).toEqual({})
})

describe('what a report shows of an exchange', () => {
  const sent = { method: 'GET', path: '/api/customers/c-1', headers: { 'if-match': '"1"' }, body: null } as const
  const answer = (json: unknown, path: string = sent.path, type = 'application/json') => ({
    sent: { ...sent, path },
    status: 200,
    headers: { 'content-type': type, 'set-cookie': 'session=1', etag: '"1"' },
    text: JSON.stringify(json),
    json,
  })
  const kari = { id: 'c-1', version: '1', changedAt: 't', firstName: 'Kari', email: 'kari@nordmann.example' }

  test('the request as it was sent', () => {
    expect(sentText({ ...sent, method: 'PATCH', body: '{"phone":null}' })).toBe(
      'PATCH /api/customers/c-1\nif-match: "1"\n{"phone":null}',
    )
  })

  test('somebody else’s record is named and not shown, alone or in a list; the kit’s own is shown', () => {
    const own = { ...kari, firstName: 'kobling-conformance-123456-1' }
    expect(cameBackText(answer(kari))).toBe(
      '200\ncontent-type: application/json\netag: "1"\n{"id":"c-1","version":"1","changedAt":"t","…":"5 fields of a record that is not the kit\'s"}',
    )
    expect(cameBackText(answer({ items: [kari, own], next: 'n' }))).not.toMatch(/Kari|nordmann/)
    expect(cameBackText(answer(own))).toContain('"email":"kari@nordmann.example"')
  })

  test('problems and the shop’s own documents are shown, long ones cut', () => {
    const problem = { type: 'x/locked', detail: 'Order 1 is cancelled.' }
    expect(cameBackText(answer(problem, sent.path, 'application/problem+json'))).toContain('Order 1 is cancelled.')
    expect(cameBackText(answer({ shop: 'S' }, '/api/capabilities'))).toContain('{"shop":"S"}')
    expect(cameBackText(answer({ shop: 'S'.repeat(5000) }, '/api/capabilities')).length).toBeLessThan(800)
  })
})

test('what is wrong with a record is said by its place and without its value', () => {
  const product = {
    id: 'p-1',
    version: '1',
    createdAt: '2026-11-23T08:15:30.123Z',
    changedAt: '2026-11-23T08:15:30Z',
    priceExVat: '499.00',
  }
  expect(recordFault('products', product)).toBeNull()
  expect(recordFault('products', { ...product, priceExVat: '1,50' })).toBe('priceExVat: decimal text such as "499.00"')
  expect(recordFault('products', { ...product, id: 'p 1' })).toMatch(/^id: at most 40 characters/)
  expect(recordFault('products', { ...product, changedAt: '2026-11-23 08:15' })).toMatch(/^changedAt: a time in UTC/)
  const tombstone = { id: 'c-1', deleted: true, erpId: null, version: '2', changedAt: '2026-11-23T08:15:30Z' }
  expect([tombstoneFault(tombstone, false), tombstoneFault(tombstone, true)]).toEqual([
    null,
    'kind: a customer’s tombstone says of which kind it was',
  ])
})

test('an address to listen on is a port of this machine, or a host and a port', () => {
  expect(['4030', '0.0.0.0:4030', '[::1]:1', 'x', '70000', ':1'].map(parseListenAddress)).toEqual([
    { host: '127.0.0.1', port: 4030 },
    { host: '0.0.0.0', port: 4030 },
    { host: '::1', port: 1 },
    null,
    null,
    null,
  ])
})
