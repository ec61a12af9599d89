import { describe, expect, test } from 'vitest'
import { itemLinksAfter } from '../activities/upsert/item-links.ts'
import type { ItemChange, ReconcileItemsDecision } from '../flows/decision.ts'
import type { ItemReading, Reading } from '../flows/reading.ts'
import type { LinkedRow } from '../flows/row.ts'
import { salesOrderLines as definition } from '../flows/sales-order-lines.ts'
import type { Side } from '../flows/side.ts'

/** A line that shows this quantity, spelled as a hash; all else is the same. */
function lineOf(id: string, quantity: string): ItemReading {
  const hashes = definition.fields.map(({ name }) => (name === 'quantity' ? quantity : 'same')).join('')
  return { id, hashes, seen: hashes, reference: null }
}
const hashesOf = (quantity: string): string => lineOf('', quantity).hashes

function decisionOf(
  erp: readonly ItemReading[],
  shop: readonly ItemReading[],
  changes: readonly ItemChange[],
): ReconcileItemsDecision {
  const list = (side: Side, items: readonly ItemReading[]) => ({ side, id: `${side}-1`, items }) as unknown as Reading
  return {
    kind: 'reconcileItems',
    how: 'update',
    erp: list('erp', erp),
    shop: list('shop', shop),
    changes,
    reorder: null,
    isOpen: false,
    notes: [],
    rows: [],
  }
}

const nothing = {
  added: { erp: new Map<string, string>(), shop: new Map<string, string>() },
  answered: { erp: new Map(), shop: new Map() },
  found: new Map(),
  failed: new Set<string>(),
  withheld: new Map(),
}
const first = (side: Side, ...items: readonly ItemReading[]) => ({
  erp: new Map<string, ItemReading>(),
  shop: new Map<string, ItemReading>(),
  [side]: new Map(items.map((item) => [item.id, item])),
})

describe('E1, E22: agreed is what was carried over, and never what people made of it while that went on', () => {
  test.each([
    {
      what: 'the source of a new line is edited before its order is read again, since that was written too',
      erp: '0471',
      shop: '0086',
    },
    { what: 'the new line itself is edited before it is read again', erp: '0086', shop: '0007' },
  ])('$what', ({ erp, shop }) => {
    const decision = decisionOf([lineOf('x-1', '0086')], [], [{ kind: 'add', on: 'shop', from: 'x-1' }])
    const after = {
      erp: { items: [lineOf('x-1', erp)] },
      shop: { items: [lineOf('l-1', shop)] },
      result: { ...nothing, added: { ...nothing.added, shop: new Map([['x-1', 'l-1']]) } },
      shownAtFirst: first('shop', lineOf('l-1', '0086')),
    }
    expect(itemLinksAfter(definition, decision, after, [])).toEqual([
      { erpId: 'x-1', shopId: 'l-1', base: hashesOf('0086'), shopBase: '' },
    ])
  })

  test('a line is edited in PowerOffice between our write of it and the next look', () => {
    const agreed = definition.fields.map(() => '1').join('')
    const pair = { kind: 'pair', erpId: 'x-1', shopId: 'l-1', writeErp: ['quantity'], writeShop: [], agreed } as const
    const decision = decisionOf([lineOf('x-1', '0001')], [lineOf('l-1', '0086')], [pair])
    const after = {
      erp: { items: [lineOf('x-1', '0471')] },
      shop: { items: [lineOf('l-1', '0086')] },
      result: nothing,
      shownAtFirst: first('erp', lineOf('x-1', '0086')),
    }
    expect(itemLinksAfter(definition, decision, after, [pair])).toEqual([
      { erpId: 'x-1', shopId: 'l-1', base: hashesOf('0086'), shopBase: '' },
    ])
  })
})

test('E19: a line whose edit is refused keeps as agreed on what an earlier write of ours was found to have left there', () => {
  // PowerOffice's 0086 was written to the webshop unheard of, and 0007 is refused now.
  const tried = ['', lineOf('', '0086').hashes] as const
  const link = { erpId: 'x-1', shopId: 'l-1', base: hashesOf('0471'), shopBase: '', tried }
  const row = { kind: 'linked', definition: definition.version, items: [link] } as unknown as LinkedRow
  const change = { kind: 'pair', erpId: 'x-1', shopId: 'l-1', writeErp: [], writeShop: ['quantity'] } as const
  const agreed = definition.fields.map(() => '1').join('')
  const pair = { ...change, agreed } as ItemChange & { readonly kind: 'pair' }
  const decision = { ...decisionOf([lineOf('x-1', '0007')], [lineOf('l-1', '0086')], [pair]), rows: [row] }
  const after = {
    erp: { items: [lineOf('x-1', '0007')] },
    shop: { items: [lineOf('l-1', '0086')] },
    shownAtFirst: first('shop'),
    result: { ...nothing, failed: new Set(['l-1']) },
  }
  expect(itemLinksAfter(definition, decision, after, [pair])).toMatchObject([{ base: hashesOf('0086'), shopBase: '' }])
})
