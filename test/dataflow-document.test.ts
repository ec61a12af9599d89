import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { customers } from '../flows/customers.ts'
import { dataflowDocument } from '../flows/dataflow-document.ts'
import type { FieldDefinition, FlowDefinition, MatchKey } from '../flows/flow-definition.ts'
import { allFlows, flowNamed } from '../flows/registry.ts'
import { salesOrderLines } from '../flows/sales-order-lines.ts'
import { salesOrders } from '../flows/sales-orders.ts'
import { sampleFlow } from './support/pair-samples.ts'

const current = dataflowDocument([customers])

test('docs/dataflow.md says what flows/ defines (node --import tsx docs/generate-dataflow.ts)', () => {
  expect(readFileSync(new URL('../docs/dataflow.md', import.meta.url), 'utf8')).toBe(dataflowDocument(allFlows))
})

test('the same definitions give the same page', () => {
  expect(dataflowDocument([customers])).toBe(current)
})

describe('changing a definition makes the page stale', () => {
  const [kind, ...others] = customers.fields as [FieldDefinition, ...FieldDefinition[]]
  const [number, ...keys] = customers.matchKeys as [MatchKey, ...MatchKey[]]
  const withKind = (change: Partial<FieldDefinition>): FlowDefinition => ({
    ...customers,
    fields: [{ ...kind, ...change }, ...others],
  })
  const withKey = (change: Partial<MatchKey>): FlowDefinition => ({
    ...customers,
    matchKeys: [{ ...number, ...change }, ...keys],
  })

  test.each<[string, FlowDefinition]>([
    ['the version', { ...customers, version: 99 }],
    ['the promise', { ...customers, promise: 'Every customer is one.' }],
    ['a field less', { ...customers, fields: others }],
    ['the order of fields', { ...customers, fields: [...others, kind] }],
    ['a direction', withKind({ direction: 'both' })],
    ['a conflict rule', withKind({ conflict: 'latest' })],
    ['a property', withKind({ shop: { path: 'type' } })],
    ['an enum’s spelling', withKind({ shop: { path: 'kind', values: { private: 'person', company: 'company' } } })],
    ['a type', withKind({ type: 'string', shop: { path: 'kind' } })],
    ['a field’s promise', withKind({ promise: 'It never changes.' })],
    ['what a side requires', withKind({ requiredOn: ['shop'] })],
    ['a longest value', withKind({ maxLength: { shop: 7 } })],
    ['when a field applies', withKind({ appliesWhen: { field: 'active', equals: 'true' } })],
    ['edits on the receiving side', withKind({ receivingEdit: 'leave' })],
    ['a decimal’s scale', withKind({ type: 'decimal', scale: 2 })],
    ['the flow that a reference names', withKind({ type: 'reference', refersTo: 'products' })],
    ['where a new record is given a field', withKind({ createdOn: ['erp'] })],
    ['what a new record is given', withKind({ createdAs: { erp: 'company' } })],
    ['what becomes of a later difference', withKind({ settled: 'ignored' })],
    ['what becomes of an unknown value', withKind({ unknownValues: 'withhold' })],
    ['what an owner without value does', withKind({ ownerEmpty: 'keep' })],
    ['edits of a locked record', withKind({ whenLocked: ['shop'] })],
    ['values that wait for the items', withKind({ locks: ['person'] })],
    ['values that are not written', withKind({ neverWritten: { shop: ['person'] } })],
    ['what is read again after a write', withKind({ touches: true })],
    ['the property that is written', withKind({ erp: { path: 'IsPerson', writes: 'Kind' } })],
    ['a constant', withKind({ erp: { constant: 'person' } })],
    ['an empty 0', withKind({ shop: { path: 'kind', zeroMeansUnset: true } })],
    ['a match key less', { ...customers, matchKeys: keys }],
    ['the order of match keys', { ...customers, matchKeys: [...keys, number] }],
    ['what confirms a key', withKey({ confirmedBy: ['email'] })],
    ['where a key counts', withKey({ when: { field: 'kind', equals: 'person' } })],
    ['which values are keys', withKey({ valid: 'organisationNumber' })],
    ['what a key is read together with', withKey({ together: { group: 'address', part: 'zip', emptyEquals: '0000' } })],
    ['a key that names the record', withKey({ identity: true })],
    ['that all records are of one kind', { ...customers, matchWithin: null }],
    ['no match keys at all', { ...customers, matchKeys: [] }],
    ['that the collection is the flow’s alone', { ...customers, shopKinds: null }],
    ['that no record is dormant', { ...customers, dormantWhen: null }],
    [
      'what is said where none are created',
      { ...customers, creation: { erp: 'never', shop: 'always' }, creationHint: { erp: 'Do it.' } },
    ],
    [
      'what becomes of a deletion in the webshop',
      { ...customers, onDelete: { erp: 'archiveInShop', shop: 'archiveInErp' } },
    ],
    ['what asks for a deletion', { ...customers, cancels: { field: 'active', value: 'false', removable: ['true'] } }],
    ['what it starts after', { ...customers, after: ['products'] }],
    ['what it is created with', { ...customers, items: 'salesOrderLines' }],
    ['that it is a list', { ...customers, listOf: { parent: 'salesOrders', order: { erp: 'a', shop: 'b' } } }],
    ['what matching never crosses', { ...customers, matchWithin: 'active' }],
    ['what rules a match out', { ...customers, neverMatchAcross: ['email'] }],
    ['where records are created', { ...customers, creation: { erp: 'never', shop: 'always' } }],
    ['what is not created', { ...customers, dormantWhen: { field: 'active', equals: ['true'] } }],
    ['the kinds that belong to the flow', { ...customers, shopKinds: { field: 'kind', values: ['company'] } }],
    ['the field that archives', { ...customers, archiveField: 'kind' }],
  ])('%s', (_what, changed) => {
    expect(dataflowDocument([changed])).not.toBe(current)
  })
})

describe('what the page says', () => {
  const lines = current.split('\n')

  test('one row a field, in the order of the definition, with both sides, direction and conflict rule', () => {
    const from = lines.findIndex((line) => line.startsWith('| field |'))
    const table = lines.slice(from).slice(0, lines.slice(from).indexOf(''))
    expect(table).toHaveLength(2 + customers.fields.length)
    expect(table[2]).toBe(
      '| kind | `IsPerson` | enum: `true` = person, `false` = company | `kind` | enum: `person`, `company` | at creation | ask |',
    )
    expect(table[4]).toBe(
      '| personName | `FirstName`, `LastName` | names (one group) | `firstName`, `lastName` | names (one group) | both | latest |',
    )
    expect(table[8]).toBe(
      '| customerNumber | `Number` | integer | `customerNumber` | integer, as text | -> webshop | PowerOffice |',
    )
    expect(table[12]).toBe(
      '| active | `IsActive` and not `IsArchived`; written: not `IsArchived` | boolean | `active` | boolean | -> webshop | PowerOffice |',
    )
  })

  test('match keys in their order, each with its conditions', () => {
    const from = lines.indexOf('### Matching, before anything is created')
    expect(lines.slice(from + 2, from + 10)).toEqual([
      'Always within one `kind`, in this order:',
      '',
      '1. the reference that one of the two names in our spelling (rule 12)',
      '2. `customerNumber`; only when `name`, `personName`, `email` or `organizationNumber` agrees too',
      '3. `organizationNumber`; only where `kind` is `company`; only valid organisation numbers; together with `address.country` (empty equals `NO`)',
      '4. `email`; where `kind` is `company`, only if one side has no `organizationNumber`',
      '',
      'A key that is empty on either side, or not unique on both, does not match: the candidates are listed as ambiguous (rule 1). Two records whose `organizationNumber` is filled on both sides and differs are never a match.',
    ])
  })

  test('what is promised of single fields, in one line each', () => {
    expect(lines).toContain(
      '- **name**: Of companies only: the name of a person is the names below and is never compared. Only where `kind` is `company`. Required by PowerOffice and the webshop: clearing it is listed, not sent (rule 8).',
    )
    expect(lines.find((line) => line.startsWith('- **address**'))).toContain(
      'Longer than 200 characters it is withheld from PowerOffice',
    )
  })

  test('what happens on creation and on deletion', () => {
    const from = lines.indexOf('### Creating')
    expect(lines.slice(from + 2)).toEqual([
      '- In PowerOffice a customer is created from the other side’s when nothing matches.',
      '- In the webshop a customer is created from the other side’s when nothing matches.',
      '- One where `active` is `false` when it is first seen is linked if it matches and not created (rule 4a).',
      '',
      '### Deleting',
      '',
      '- Deleted in PowerOffice, it is listed; once a person approves, the webshop’s is archived (`active` becomes false).',
      '- Deleted in the webshop, the link ends and PowerOffice’s is left alone.',
      '- What was deleted is not created again unless a person asks for it.',
      '',
    ])
  })

  test('all five flows, lines last and as a nested list of orders', () => {
    const page = dataflowDocument(allFlows)
    expect(page.match(/^## .*$/gm)).toEqual([
      '## Departments <-> Customer (department)',
      '## Customers <-> Customer',
      '## Products <-> Product',
      '## Salesorders <-> Order',
      '## Salesorderlines <-> Order.lines',
    ])
    for (const flow of allFlows) {
      for (const field of flow.fields) expect(page).toContain(`\n| ${field.name} | `)
    }
    const [, ofLines = ''] = page.split('## Salesorderlines <-> Order.lines')
    expect(ofLines.match(/^### .*$/gm)).toEqual(['### Of single fields', '### A nested list'])
    expect(ofLines).toContain('in the order of `SortOrder` in PowerOffice and `position` in the webshop')
  })

  test('what a side calls a value, beyond the property: constants, other properties, references, scales and many values', () => {
    const rows = dataflowDocument(allFlows).split('\n')
    expect(rows).toEqual(
      expect.arrayContaining([
        '| kind | always `department` | enum | `kind` | enum: `department` | -> webshop | PowerOffice |',
        '| price | `EffectiveUnitPrice`; written: `UnitPrice` | decimal, up to 6 decimals | `priceExVat` | decimal, up to 6 decimals, as text | both | PowerOffice |',
        '| customer | `CustomerId` | reference to `customers` | `customerId` | reference to `customers` | both | latest |',
        '| quantity | `Quantity` | decimal, up to 6 decimals | `quantity` | decimal, up to 6 decimals, as text | both | by lock |',
      ]),
    )
    const unit = rows.find((row) => row.startsWith('| unit |'))
    expect(unit).toContain('| enum of 67 values |')
    expect(unit).toMatch(/\| enum of 67 values, \d+ more spellings are understood \|/)
    expect(rows.find((row) => row.startsWith('- **unit**'))).toContain('`stk` = EA')
  })

  test('an order is created whole, never matched by what it says, and its cancelling asks for a deletion', () => {
    const page = dataflowDocument([salesOrders])
    expect(page).toContain('and by nothing else: two records are never matched by what they say.')
    expect(page).toContain('together with its list of `salesOrderLines`')
    expect(page).toContain('It starts once the first load of departments, customers and products has ended.')
    expect(page).toContain(
      'whose `status` becomes `cancelled` in the webshop asks for its counterpart’s deletion: where that is `open` it is deleted once a person approves, else it is listed.',
    )
    expect(page).toContain('Never written in PowerOffice: `invoiced`, `cancelled`.')
  })

  test('departments say what to do with one that the shop made', () => {
    expect(dataflowDocument([flowNamed('departments')])).toContain(
      '- In PowerOffice a department is never created by the sync. One without counterpart is listed so: “Departments are created in PowerOffice: create it there with the same code, or link it by hand.”',
    )
  })

  test('the sentences of a list agree with its record’s article', () => {
    expect(dataflowDocument([salesOrderLines])).not.toMatch(/\ba order\b/)
  })

  test('every flow has its section, and no value breaks the table', () => {
    const odd: FlowDefinition = {
      ...sampleFlow,
      title: 'A <-> B',
      fields: sampleFlow.fields.map((field) => ({ ...field, erp: { path: 'a|b' } })),
    }
    const page = dataflowDocument([customers, odd])
    expect(page.match(/^## .*$/gm)).toEqual(['## Customers <-> Customer', '## A <-> B'])
    expect(page).toContain('| stock | `a\\|b` | string | `stock` | string | -> webshop | PowerOffice |')
    expect(page).toContain('- **stock**: An edit on the receiving side stands until the owner’s value moves (rule 7).')
  })
})
