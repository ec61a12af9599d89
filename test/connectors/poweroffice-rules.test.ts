import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Row } from '../../activities/http/absent-property.ts'
import {
  type ChangedRows,
  decodeCursor,
  encodeCursor,
  inChangeOrder,
} from '../../activities/poweroffice/change-watermarks.ts'
import { prepareCustomerCreate, prepareCustomerUpdate } from '../../activities/poweroffice/customer-rules.ts'
import { decimalOf, jsonNumberOf, percentOfRate } from '../../activities/poweroffice/decimal-text.ts'
import { codeForLine } from '../../activities/poweroffice/line-articles.ts'
import { prepareLine, prepareLineEdit } from '../../activities/poweroffice/line-rules.ts'
import { adviceOnRoles, missingRoles, roleForRequest } from '../../activities/poweroffice/roles.ts'
import { accountForRate } from '../../activities/poweroffice/sales-accounts.ts'
import { parseTicks } from '../../activities/poweroffice/timestamp.ts'
import { flowNames } from '../../flows/flow-definition.ts'

/** A decimal of at most 15 digits, which is what a JSON number keeps. */
const decimal = fc
  .tuple(fc.integer({ min: -999_999_999, max: 999_999_999 }), fc.integer({ min: 0, max: 6 }))
  .map(([digits, scale]) => (digits === 0 ? '0' : shifted(digits, scale)))

function shifted(digits: number, scale: number): string {
  const text = String(Math.abs(digits)).padStart(scale + 1, '0')
  const [whole, fraction] = [text.slice(0, text.length - scale), text.slice(text.length - scale).replace(/0+$/, '')]
  return `${digits < 0 ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`
}

describe('decimals at PowerOffice’s edge', () => {
  test('out as a number and back in is the same text', () => {
    fc.assert(
      fc.property(decimal, (text) => {
        const number = jsonNumberOf(text)
        expect(typeof number).toBe('number')
        expect(decimalOf(number as number)).toBe(text)
      }),
    )
  })

  test.each([
    [0.1 + 0.2, '0.30000000000000004'],
    [1e-7, '0.0000001'],
    [1e21, '1000000000000000000000'],
    [-0, '0'],
  ])('%d is written without exponent', (number, text) => {
    expect(decimalOf(number)).toBe(text)
  })

  test.each([
    [0.25, '25'],
    [0.15, '15'],
    [0.12, '12'],
    [0.1111, '11.11'],
    [0, '0'],
  ])('the rate %d is exactly %s percent', (rate, percent) => {
    expect(percentOfRate(rate)).toBe(percent)
  })

  test('what has more digits than a JSON number keeps is no number, and neither is what is none', () => {
    expect(['1234567890.12345678', 'abc', '1,5', true].map((value) => jsonNumberOf(value))).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ])
    expect([null, undefined, ' '].map((value) => jsonNumberOf(value))).toEqual([null, null, null])
  })
})

describe('changes of several lists', () => {
  const row = fc.record({ Id: fc.integer({ min: 1, max: 5 }), at: fc.option(fc.integer({ min: 0, max: 9 })) })
  const changed = (rows: readonly { Id: number; at: number | null }[]): ChangedRows => ({
    rows: rows.map(({ Id, at }) => {
      const raw = at === null ? null : `2026-01-01T00:00:0${at}Z`
      return { row: { Id, raw }, raw, ticks: raw === null ? null : parseTicks(raw) }
    }),
    next: '',
  })

  test('each record comes once, at its latest time, earlier ones first', () => {
    fc.assert(
      fc.property(fc.array(row), fc.array(row), (one, other) => {
        const merged = inChangeOrder([changed(one), changed(other)], (each: Row) => String(each['Id']))
        const latest = new Map<number, string | null>()
        for (const { Id, at } of [...one, ...other]) {
          const known = latest.get(Id)
          const raw = at === null ? null : `2026-01-01T00:00:0${at}Z`
          if (known === undefined || known === null || (raw !== null && raw > known))
            latest.set(Id, raw ?? known ?? null)
        }
        expect(new Map(merged.map(({ Id, raw }) => [Id, raw]))).toEqual(latest)
        const times = merged.map(({ raw }) => String(raw ?? '9'))
        expect(times).toEqual(times.toSorted())
      }),
    )
  })

  test('a cursor comes back as it was stored, an old one with its one watermark', () => {
    const cursor = { watermark: '2026-01-01T00:00:00.1234567Z', stock: '2026-01-01T00:00:00Z' }
    expect(decodeCursor(encodeCursor(cursor))).toEqual(cursor)
    expect(() => decodeCursor('{"watermark":7}')).toThrow()
  })
})

describe('lines', () => {
  const lineProducts = { shipping: 'FRAKT', 'shipping:15': 'FRAKT15' }
  const shipping = { Kind: 'shipping', Description: 'Frakt', Quantity: '1', ProductUnitPrice: '99', VatPercent: '15.0' }

  test('the article of a kind at a rate goes before that of the kind', () => {
    expect(['15', '25', null].map((rate) => codeForLine(lineProducts, 'shipping', rate))).toEqual([
      'FRAKT15',
      'FRAKT',
      'FRAKT',
    ])
    expect(prepareLine(shipping, 'l-1', lineProducts)).toMatchObject({
      line: { articleCode: 'FRAKT15', vatPercent: '15' },
    })
  })

  test('no discount is 0, never none: PowerOffice would take the customer’s', () => {
    expect(prepareLine(shipping, 'l-1', lineProducts)).toMatchObject({ line: { body: { Allowance: 0 } } })
    expect(prepareLineEdit({ Kind: 'product' }, { Allowance: null })).toEqual({ kind: 'patch', body: { Allowance: 0 } })
  })

  test('an edit writes what is named and nothing else', () => {
    const values = { Quantity: '2.50', Kind: 'text', VatPercent: '25', UnitOfMeasureCode: '' }
    expect(prepareLineEdit({ Kind: 'product' }, values)).toEqual({
      kind: 'patch',
      body: { Quantity: 2.5, UnitOfMeasureCode: null },
    })
    // The article of a fee is chosen when the line is made.
    expect(prepareLineEdit({ Kind: 'shipping' }, { ProductId: '7' })).toEqual({ kind: 'patch', body: {} })
  })

  test('an id of the webshop that is longer than a reference may be refuses the line', () => {
    expect(prepareLine(shipping, 'x'.repeat(51), lineProducts)).toMatchObject({ kind: 'refused' })
  })
})

describe('sales accounts', () => {
  test('a rate is found however it is written', () => {
    expect(['25', '25.00', '12'].map((rate) => accountForRate({ '25': 3000, '15,0': 1 }, rate))).toEqual([
      3000,
      3000,
      undefined,
    ])
  })
})

describe('roles', () => {
  test('either of two roles is enough to read, and each missing one is named once', () => {
    const granted = ['SalesOrders_Full', 'Product_Full', 'CommonServices', 'Customer_Full']
    expect(missingRoles(['salesOrders', 'salesOrderLines'], granted)).toEqual(['GeneralLedgerAccount'])
    expect(missingRoles(flowNames, granted)).toEqual(['Department_Full', 'GeneralLedgerAccount'])
  })

  test('what works without a role is said only of flows that would use it', () => {
    expect(adviceOnRoles(['customers', 'products'], [])).toEqual([])
    expect(adviceOnRoles(flowNames, [])).toHaveLength(1)
    expect(adviceOnRoles(flowNames, ['OutgoingInvoice_Full'])).toEqual([])
  })

  test.each([
    ['GET /Departments', 'role Department or Department_Full'],
    ['PATCH /Departments/{id}', 'role Department_Full'],
    ['GET /ProductGroups', 'role Product or Product_Full'],
    ['GET /SalesOrders/sentState', 'role SalesOrders_Full'],
    ['POST /ContactDeliveryAddresses/{contactId}', 'role ContactDeliveryAddress_Full'],
    ['GET /Somewhere', 'roles that it asks for'],
  ])('%s needs the %s', (label, role) => {
    expect(roleForRequest(label)).toBe(role)
  })
})

describe('customers, as the company chose', () => {
  const madonna = { IsPerson: true, LastName: 'Madonna', EmailAddress: 'm@a.no' }

  test('a person with one name only is refused where the company wants that', () => {
    expect(prepareCustomerCreate(madonna, 'p:c-1', { singleName: 'refuse' }).refusal).toContain('name of a person')
    const edit = prepareCustomerUpdate({ FirstName: 'A', LastName: 'B' }, { FirstName: null }, '', 'refuse')
    expect(edit).toMatchObject({ body: {}, notes: [{ field: 'personName', kind: 'withheld' }] })
  })

  test('rule 11: what is set once goes along, and what the record says itself goes before it', () => {
    const createWith = { PaymentTermId: 7, CurrencyCode: 'EUR', EmailAddress: 'x@y.no' }
    expect(prepareCustomerCreate(madonna, 'p:c-1', { createWith }).body).toMatchObject({
      PaymentTermId: 7,
      CurrencyCode: 'EUR',
      EmailAddress: 'm@a.no',
    })
  })

  test('rule 11: every property that a company may want once is sent with a new customer and never in an edit', () => {
    const createWith = {
      ContactGroupIds: [501, 502],
      PaymentTermId: 7,
      CurrencyCode: 'EUR',
      UseInvoiceFee: false,
      SendPaymentReminders: false,
      TransferToDebtCollectionAgency: false,
      SubLedgerNumberSeriesId: 3,
    }
    expect(prepareCustomerCreate(madonna, 'p:c-1', { createWith }).body).toMatchObject(createWith)
    const edit = prepareCustomerUpdate({ EmailAddress: 'm@a.no' }, { EmailAddress: 'n@a.no' }, '')
    expect(edit.body).toEqual({ EmailAddress: 'n@a.no' })
  })

  test('rule 11: what names one record or one person is never given to all', () => {
    const createWith = {
      Number: 10_001,
      NationalIdNumber: '1',
      DateOfBirth: '2000-01-01',
      ExternalImportReference: 'x',
    }
    const { body } = prepareCustomerCreate(madonna, 'p:c-1', { createWith })
    expect(Object.keys(body)).not.toEqual(expect.arrayContaining(['Number']))
    expect(body).not.toHaveProperty('NationalIdNumber')
    expect(body).not.toHaveProperty('DateOfBirth')
    expect(body).toMatchObject({ ExternalImportReference: 'p:c-1' })
  })
})
