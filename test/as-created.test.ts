import { expect, test } from 'vitest'
import type { ParsedRecord } from '../activities/connector.ts'
import { fieldsAsCreated } from '../activities/reading/as-created.ts'
import { fieldNames, sampleFlow } from './support/pair-samples.ts'

const created = '2026-06-01T08:00:00.1234567Z'
const later = '2026-06-01T08:00:05Z'
const all = '1'.repeat(fieldNames.length)

function record(changes: Partial<ParsedRecord & { kind: 'record' }>): ParsedRecord {
  return {
    kind: 'record',
    id: '12',
    raw: {},
    version: null,
    createdAt: created,
    changedAt: created,
    groupChangedAt: {},
    reference: null,
    outOfScope: null,
    ...changes,
  }
}

test('a record whose change time is that of its creation shows what it was created with', () => {
  expect(fieldsAsCreated(sampleFlow, record({}))).toBe(all)
  expect(fieldsAsCreated(sampleFlow, record({ changedAt: '2026-06-01T08:00:00.1234568Z' }))).toBeUndefined()
})

test('one that was changed since, or does not tell when it was created, says nothing', () => {
  expect(fieldsAsCreated(sampleFlow, record({ changedAt: later }))).toBeUndefined()
  expect(fieldsAsCreated(sampleFlow, record({ createdAt: null }))).toBeUndefined()
  expect(fieldsAsCreated(sampleFlow, { kind: 'missing', id: '12', tombstone: true })).toBeUndefined()
})

test('of a field whose edits move no change time only a time of its own says so', () => {
  const movesNoTime = [fieldNames[1] as string]
  const without = `10${all.slice(2)}`
  expect(fieldsAsCreated(sampleFlow, record({ movesNoTime }))).toBe(without)
  const own = (at: string) => record({ movesNoTime, groupChangedAt: { [fieldNames[1] as string]: at } })
  expect(fieldsAsCreated(sampleFlow, own(created))).toBe(all)
  expect(fieldsAsCreated(sampleFlow, own(later))).toBe(without)
})
