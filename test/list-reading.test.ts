import { describe, expect, test } from 'vitest'
import type { JsonObject, ParsedItem, ParsedRecord } from '../activities/connector.ts'
import type { ReferenceLinks } from '../activities/mapping/reference-links.ts'
import { fieldHash } from '../activities/reading/field-hash.ts'
import { toSideState } from '../activities/reading/side-state.ts'
import { type ToReadingInput, toReading } from '../activities/reading/to-reading.ts'
import { EMPTY_HASH, hashAt } from '../flows/field-hashes.ts'
import type { Reading } from '../flows/reading.ts'
import { salesOrderLines } from '../flows/sales-order-lines.ts'
import { salesOrders } from '../flows/sales-orders.ts'
import type { Side } from '../flows/side.ts'

type FoundRecord = ParsedRecord & { readonly kind: 'record' }

const links: ReferenceLinks = {
  counterpart: (flow, side, id) => {
    if (flow !== 'products') return null
    return (side === 'erp' ? { '301': 'p-1' }[id] : { 'p-1': '301' }[id]) ?? null
  },
}

function shopLine(id: string, rest: JsonObject = {}): ParsedItem {
  const raw = {
    kind: 'product',
    productId: 'p-1',
    description: 'Lampe',
    quantity: '2',
    unitPriceExVat: '499.00',
    ...rest,
  }
  return { id, raw, reference: null }
}

const erpLine: ParsedItem = {
  id: '9001',
  raw: { Kind: 'product', ProductId: 301, Description: 'Lampe', Quantity: 2, ProductUnitPrice: 499 },
  reference: 'l-1',
}

function recordOf(rest: Partial<FoundRecord>): FoundRecord {
  return {
    kind: 'record',
    id: 'o-1',
    raw: {},
    version: '"3"',
    changedAt: null,
    groupChangedAt: {},
    reference: null,
    outOfScope: null,
    ...rest,
  }
}

function resultOf(rest: Partial<FoundRecord>, side: Side = 'shop', input: Partial<ToReadingInput> = {}) {
  return toReading(
    { definition: salesOrderLines, side, record: recordOf(rest), clockOffsetMs: 0, withContent: true, ...input },
    links,
  )
}

function readingOf(...args: Parameters<typeof resultOf>): Reading {
  const result = resultOf(...args)
  if (!result.ok) throw new Error(`${result.path} ${result.problem}`)
  return result.reading
}

describe('E22: readings of lists', () => {
  test('items stand in the order of the list, each with its hashes, reference and values', () => {
    const reading = readingOf({ items: [shopLine('l-2', { quantity: '1' }), shopLine('l-1')] })
    expect(reading.hashes).toBe('')
    expect(reading.content).toBeUndefined()
    expect(reading.items?.map(({ id, reference }) => [id, reference])).toEqual([
      ['l-2', null],
      ['l-1', null],
    ])
    const [first] = reading.items ?? []
    expect(first?.content).toEqual({
      canonical: {
        kind: 'product',
        product: '301',
        description: 'Lampe',
        quantity: '1',
        unitPrice: '499',
        discount: null,
        unit: null,
        vatRate: null,
      },
      written: { product: 301 },
    })
    expect(hashAt(first?.hashes ?? '', 3)).toBe(fieldHash({ number: 4, canonicalVersion: 1 }, '1'))
    expect(hashAt(first?.hashes ?? '', 5)).toBe(EMPTY_HASH)
  })

  test('an item is the same on both sides, whatever its sides call it and its product', () => {
    const [shop] = readingOf({ items: [shopLine('l-1')] }).items ?? []
    const [erp] = readingOf({ id: '77', items: [erpLine] }, 'erp').items ?? []
    expect(erp?.hashes).toBe(shop?.hashes)
    expect(erp).toMatchObject({ id: '9001', reference: 'l-1' })
  })

  test('trap positions from 0 against from 1: only the order counts', () => {
    const fromZero = [shopLine('l-1', { position: 0 }), shopLine('l-2', { position: 1 })]
    const fromOne = [shopLine('l-1', { position: 1 }), shopLine('l-2', { position: 20 })]
    expect(readingOf({ items: fromOne })).toEqual(readingOf({ items: fromZero }))
    expect(readingOf({ items: [...fromZero].reverse() }).seen).not.toBe(readingOf({ items: fromZero }).seen)
  })

  test('a page of thousands carries no values of items, and the same hashes', () => {
    const whole = readingOf({ items: [shopLine('l-1')] })
    const light = readingOf({ items: [shopLine('l-1')] }, 'shop', { withContent: false })
    const items = whole.items?.map(({ content: _content, ...rest }) => rest)
    expect(light).toEqual({ ...whole, items, label: '' })
  })

  test('E23: a product without link is named by the item that refers to it', () => {
    const reading = readingOf({ items: [shopLine('l-1'), shopLine('l-2', { productId: 'p-9' })] })
    expect(reading.items?.map(({ unlinked }) => unlinked)).toEqual([
      undefined,
      [{ field: 'product', flow: 'products', key: 'shop:p-9' }],
    ])
  })

  test('E2: seen moves with items, their ids, values and order, and with what may be edited', () => {
    const items = [shopLine('l-1'), shopLine('l-2', { quantity: '3' })]
    const [one, two] = items as [ParsedItem, ParsedItem]
    const seen = [
      { items },
      { items: [two, one] },
      { items: [one] },
      { items: [] },
      { items: [one, { ...two, id: 'l-3' }] },
      { items: [one, shopLine('l-2', { quantity: '4' })] },
      { items, isLocked: true },
      { items, isFinal: true },
      { items, outOfScope: 'since' },
      { seenText: '2 lines' },
      { seenText: '3 lines' },
    ].map((rest) => readingOf(rest).seen)
    expect(new Set(seen).size).toBe(seen.length)
    for (const hash of seen) expect(hash).toMatch(/^[\w-]{11}$/)
    expect(readingOf({ items: [one, shopLine('l-2', { quantity: '3.0' })] }).seen).toBe(seen[0])
  })

  test('a list that costs a request of its own is known by what its record tells of it, read or not', () => {
    const told = readingOf({ seenText: '2 lines, 998' }, 'erp')
    expect(told.items).toBeUndefined()
    expect(readingOf({ seenText: '2 lines, 998', items: [erpLine], isLocked: true }, 'erp')).toMatchObject({
      seen: told.seen,
      isLocked: true,
      items: [{ id: '9001' }],
    })
  })

  test('lines that are absent and untold are a fault, not an empty list', () => {
    expect(resultOf({})).toEqual({ ok: false, path: 'items', problem: 'are absent' })
    expect(readingOf({ items: [] }).items).toEqual([])
  })

  test('an item that cannot be read makes the list unreadable, with item and path', () => {
    const items = [shopLine('l-1'), shopLine('l-2', { quantity: 'to' })]
    expect(resultOf({ items })).toEqual({
      ok: false,
      path: 'item l-2, quantity',
      problem: 'is not a decimal number',
    })
    const system = { side: 'shop', clockOffsetMs: () => 0 } as const
    const stateOf = (quantity: string) =>
      toSideState(salesOrderLines, system, recordOf({ items: [shopLine('l-1', { quantity })] }), links)
    expect(stateOf('to')).toMatchObject({ kind: 'unreadable', id: 'o-1', path: 'item l-1, quantity' })
    expect(stateOf('to')).not.toEqual(stateOf('tre'))
  })

  test('rule 4c: nobody is asked to mend a list that takes no part', () => {
    const reading = readingOf({ items: [shopLine('l-1', { quantity: 'to' })], outOfScope: 'since' })
    expect(reading).toMatchObject({ outOfScope: 'since', items: [{ id: 'l-1' }] })
  })

  test('people call the list by its order, where the order came along', () => {
    expect(readingOf({ raw: { number: '1001', status: 'open' }, items: [] }).label).toBe('1001')
    expect(readingOf({ items: [] }).label).toBe('o-1')
  })
})

describe('readings of orders', () => {
  const order = { customerId: 'c-17', currency: 'NOK', status: 'open', number: '1001' }

  test('what is locked and final is passed on, and left out where the system does not say', () => {
    const said = readingOf({ raw: order, isLocked: true, isFinal: false }, 'shop', { definition: salesOrders })
    expect(said).toMatchObject({ isLocked: true, isFinal: false })
    const silent = readingOf({ raw: order }, 'shop', { definition: salesOrders })
    expect(silent).not.toHaveProperty('isLocked')
    expect(silent).not.toHaveProperty('isFinal')
  })

  test('rule 4a: orders that are invoiced or cancelled when first seen are dormant', () => {
    const dormant = ['open', 'confirmed', 'invoiced', 'cancelled'].map(
      (status) => readingOf({ raw: { ...order, status } }, 'shop', { definition: salesOrders }).dormant,
    )
    expect(dormant).toEqual([false, false, true, true])
  })

  test('E23: a customer without link is told by the reading, and the link moves its hash', () => {
    const unlinked = readingOf({ raw: order }, 'shop', { definition: salesOrders })
    expect(unlinked.unlinked).toEqual([{ field: 'customer', flow: 'customers', key: 'shop:c-17' }])
    const linked = toReading(
      { definition: salesOrders, side: 'shop', record: recordOf({ raw: order }), clockOffsetMs: 0, withContent: true },
      { counterpart: () => '1017' },
    )
    expect(linked).toMatchObject({ ok: true, reading: { content: { canonical: { customer: '1017' } } } })
    expect(linked.ok && linked.reading.unlinked).toBeUndefined()
    expect(linked.ok && hashAt(linked.reading.hashes, 0)).toBe(fieldHash({ number: 1, canonicalVersion: 1 }, '1017'))
  })
})
