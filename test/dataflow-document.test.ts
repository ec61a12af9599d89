import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { customers } from '../flows/customers.ts'
import { dataflowDocument } from '../flows/dataflow-document.ts'
import type { FieldDefinition, FlowDefinition, MatchKey } from '../flows/flow-definition.ts'
import { allFlows } from '../flows/registry.ts'
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
    ['a match key less', { ...customers, matchKeys: keys }],
    ['the order of match keys', { ...customers, matchKeys: [...keys, number] }],
    ['what confirms a key', withKey({ confirmedBy: ['email'] })],
    ['where a key counts', withKey({ when: { field: 'kind', equals: 'person' } })],
    ['which values are keys', withKey({ valid: 'organisationNumber' })],
    ['what a key is read together with', withKey({ together: { group: 'address', part: 'zip', emptyEquals: '0000' } })],
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
