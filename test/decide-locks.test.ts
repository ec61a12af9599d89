import { describe, expect, test } from 'vitest'
import type { FlowDefinition } from '../flows/flow-definition.ts'
import { REOPENED_FLAG } from '../flows/row.ts'
import { decidePair } from '../workflows/decide/decide-pair.ts'
import { context, linkedRow, pairOf, reading, sampleFlow, type Values } from './support/pair-samples.ts'

/** The field `orgNo` stands for an order's status: `open` or `confirmed`. */
const definition: FlowDefinition = {
  ...sampleFlow,
  fields: sampleFlow.fields.map((field) =>
    field.name === 'orgNo' ? { ...field, whenLocked: ['erp'], locks: ['confirmed'] } : field,
  ),
}
const confirmed: Values = { orgNo: 'confirmed' }
const reopening = { ...context, company: { ...context.company, editConfirmed: 'reopen' as const } }

interface Case {
  readonly erp?: Values
  readonly shop: Values
  readonly flags?: string
  readonly isLocked?: boolean
  readonly isFinal?: boolean
  readonly by?: typeof context
}

/** A pair that agreed on being confirmed, as it shows itself now. */
function decide({ erp = confirmed, shop, flags = '', isLocked = true, isFinal = false, by = reopening }: Case) {
  const pair = pairOf(erp, shop, confirmed, {
    erp: { kind: 'present', reading: reading('erp', erp, { isLocked, isFinal }) },
    rows: [linkedRow(confirmed, { flags })],
  })
  return decidePair(definition, pair, by)
}

describe('E22: an edit of the webshop on a record that PowerOffice has confirmed', () => {
  const edited = { ...confirmed, name: 'Ny' }

  test('is listed by default', () => {
    expect(decide({ shop: edited, by: context })).toMatchObject({
      writeErp: [],
      notes: [{ field: 'name', kind: 'locked' }],
    })
  })

  test('is carried over where the company chose reopen', () => {
    expect(decide({ shop: edited })).toMatchObject({ how: 'update', writeErp: ['name'], writeShop: [], notes: [] })
  })

  test('is listed all the same once the order is invoiced', () => {
    expect(decide({ shop: edited, isFinal: true })).toMatchObject({ writeErp: [], notes: [{ kind: 'locked' }] })
  })

  test('that sets it back to draft itself goes first, and the rest waits for it', () => {
    expect(decide({ shop: { orgNo: 'open', name: 'Ny' } })).toMatchObject({
      writeErp: ['orgNo'],
      notes: [{ field: 'name', kind: 'waits' }],
    })
  })
})

describe('E22: a record that we hold open', () => {
  const open: Values = { orgNo: 'open' }
  const held = { erp: open, isLocked: false, flags: REOPENED_FLAG }

  test('shows its own status, which is nobody’s edit: it is not carried to the webshop and not agreed on', () => {
    const decision = decide({ ...held, shop: confirmed })
    expect(decision).toMatchObject({ kind: 'reconcile', writeErp: [], writeShop: [] })
    expect(decide({ ...held, flags: '', shop: confirmed })).toMatchObject({ writeShop: ['orgNo'] })
  })

  test('is work to be done even where nothing else differs, and takes the edit that it was opened for', () => {
    expect(decide({ erp: confirmed, shop: confirmed, flags: REOPENED_FLAG })).toMatchObject({ kind: 'reconcile' })
    expect(decide({ erp: confirmed, shop: confirmed })).toMatchObject({ kind: 'nothing' })
    expect(decide({ ...held, shop: { ...confirmed, name: 'Ny' }, by: context })).toMatchObject({ writeErp: ['name'] })
  })
})
