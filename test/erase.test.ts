import { expect, test } from 'vitest'
import { erasedSentence } from '../client/commands/erase.ts'
import { ERASED_DETAIL, withoutWordsAbout } from '../workflows/engine/erase.ts'
import type { FlowState } from '../workflows/engine/flow-state.ts'
import type { InboxEntry, Movement } from '../workflows/messages.ts'
import { freshState } from './support/fresh-state.ts'

const entry = (changes: Partial<InboxEntry>): InboxEntry => ({
  id: 'shop:c-1',
  pile: 'needsYou',
  reason: 'refused',
  erpId: null,
  shopId: 'c-1',
  label: 'Kari Nordmann',
  detail: 'The e-mail kari@example.no is taken.',
  wayOut: 'Correct the record in the webshop; it is tried again as soon as it changes.',
  field: null,
  others: [],
  since: 1,
  attempts: 1,
  ...changes,
})

const move = (changes: Partial<Movement>): Movement => ({
  at: 1,
  kind: 'updated',
  to: 'shop',
  erpId: '7',
  shopId: 'c-1',
  fields: ['email'],
  label: 'Kari Nordmann',
  ...changes,
})

const state: FlowState = {
  ...freshState,
  inbox: [
    entry({}),
    entry({
      id: 'erp:7/email',
      erpId: '7',
      reason: 'field',
      label: '',
      detail: 'kari@example.no is too long.',
      field: 'email',
    }),
    entry({
      id: 'erp:9',
      erpId: '9',
      shopId: null,
      reason: 'ambiguous',
      others: ['shop:c-1'],
      detail: 'Kari Nordmann fits two.',
    }),
    entry({ id: 'shop:c-2', shopId: 'c-2', label: 'Ola Hansen', detail: 'The phone is wrong.' }),
  ],
  recent: [move({}), move({ erpId: '8', shopId: 'c-2', label: 'Ola Hansen' })],
  preview: {
    company: 'Fjord AS',
    production: true,
    link: 1,
    createInErp: 0,
    createInShop: 0,
    overwriteErp: 0,
    overwriteShop: 0,
    ambiguous: 0,
    outOfScope: 0,
    examples: { link: ['Kari Nordmann'] },
  },
}

test('after an erasure the state says nothing in words about the person, and all that it said of others', () => {
  const { state: next, erased } = withoutWordsAbout(state, { erpId: '7', shopId: 'c-1' })
  expect(JSON.stringify(next)).not.toMatch(/kari/i)
  expect(erased).toBe(5)
  expect(next.inbox[3]).toBe(state.inbox[3])
  expect(next.recent[1]).toBe(state.recent[1])
})

test('the matters themselves stay, with their ids and what to do', () => {
  const { state: next } = withoutWordsAbout(state, { erpId: '7', shopId: 'c-1' })
  expect(next.inbox.map(({ id, reason, wayOut }) => [id, reason, wayOut])).toEqual(
    state.inbox.map(({ id, reason, wayOut }) => [id, reason, wayOut]),
  )
  expect(next.inbox[0]).toEqual({ ...state.inbox[0], label: '', detail: ERASED_DETAIL })
  expect({ ...next, inbox: [], recent: [], preview: null }).toEqual({ ...state, inbox: [], recent: [], preview: null })
})

test('a second erasure finds nothing, and an unknown id of one side never stands for every record without one', () => {
  const once = withoutWordsAbout(state, { erpId: '7', shopId: 'c-1' }).state
  expect(withoutWordsAbout(once, { erpId: '7', shopId: 'c-1' })).toEqual({ state: once, erased: 0 })
  const noOne = withoutWordsAbout({ ...state, preview: null }, { erpId: '404', shopId: null })
  expect(noOne.erased).toBe(0)
})

test('the command says in one go what was erased and what stays, where and how long', () => {
  expect(erasedSentence('customers', { erpId: '7', shopId: 'c-1' }, 5)).toBe(
    "customers: 5 places with words about erp:7 and shop:c-1 erased, and a new run begun. What stays: the record in both systems, ids and hashes in the memory while it stands there, and what ended runs' histories hold until Temporal's retention takes them (30 days).",
  )
})
