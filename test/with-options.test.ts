import { describe, expect, test } from 'vitest'
import { readFields } from '../activities/mapping/read-fields.ts'
import { writeFields } from '../activities/mapping/write-fields.ts'
import { differs } from '../activities/reading/differs.ts'
import { fieldHashes } from '../activities/reading/field-hash.ts'
import { customers } from '../flows/customers.ts'
import { hashAt, NO_HASH } from '../flows/field-hashes.ts'
import { fieldNamed } from '../flows/flow-definition.ts'
import { defaultOptions } from '../flows/flow-options.ts'
import { products } from '../flows/products.ts'
import { allFlows } from '../flows/registry.ts'
import { definitionOptions, withOptions } from '../flows/with-options.ts'

const without = withOptions(products, { stock: 'off' })
const place = products.fields.findIndex((field) => field.name === 'stock')
const shown = { Code: '007', Name: 'Lås', StockForShop: '12' }

describe('options that change the definition', () => {
  test('leave every flow as it is by default, and where a run knows none', () => {
    for (const flow of allFlows) {
      expect(withOptions(flow, definitionOptions(defaultOptions))).toBe(flow)
      expect(withOptions(flow, {})).toBe(flow)
    }
  })

  test('touch no other flow', () => {
    const all = { activeBothWays: true, stock: 'off' } as const
    const changed = allFlows.filter((flow) => withOptions(flow, all) !== flow).map((flow) => flow.name)
    expect(changed).toEqual(['customers', 'products'])
  })

  test('customers.activeBothWays: active travels both ways, PowerOffice still wins a conflict', () => {
    const field = fieldNamed(withOptions(customers, { activeBothWays: true }), 'active')
    expect(field).toEqual({ ...fieldNamed(customers, 'active'), direction: 'both' })
  })

  test('products.stock off: the field is not read, not compared and not written, and the others keep their places', () => {
    const { canonical } = readFields(without, 'erp', shown)
    expect(canonical).not.toHaveProperty('stock')
    const before = readFields(products, 'erp', shown).canonical
    const [now, then] = [fieldHashes(without, canonical), fieldHashes(products, before)]
    for (const index of products.fields.keys()) {
      expect(hashAt(now, index)).toBe(index === place ? NO_HASH : hashAt(then, index))
    }
    const content = { canonical: before, written: {} }
    const other = { canonical: { ...before, stock: '3' }, written: {} }
    expect(differs(products, content, other)[place]).toBe('1')
    expect(differs(without, content, other)[place]).toBe('0')
    expect(writeFields(products, 'shop', content, ['stock']).values).toEqual({ erpStock: '12' })
    expect(writeFields(without, 'shop', content, ['stock']).values).toEqual({})
  })
})
