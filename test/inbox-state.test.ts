import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { FieldNote } from '../flows/decision.ts'
import { type Outcome, outcomeKinds } from '../flows/outcome.ts'
import type { SeenReason } from '../flows/row.ts'
import { countByPile, INBOX_LIMIT, withNeverStill, withOutcomeInInbox } from '../workflows/engine/inbox.ts'
import type { InboxEntry } from '../workflows/messages.ts'

const NOW = 50_000

function parked(
  reason: SeenReason,
  rest: Partial<NonNullable<Outcome['parked']>> = {},
  ids: Partial<Outcome> = { shopId: 'c-7' },
): Outcome {
  return {
    kind: 'parked',
    ...ids,
    parked: { reason, side: 'shop', label: 'Nord AS', detail: 'E-mail is not valid.', ...rest },
  }
}

function inboxAfter(...outcomes: readonly Outcome[]): InboxEntry[] {
  return outcomes.reduce<InboxEntry[]>((inbox, outcome, index) => withOutcomeInInbox(inbox, outcome, NOW + index), [])
}

const refusedEntry: InboxEntry = {
  id: 'shop:c-7',
  pile: 'needsYou',
  reason: 'refused',
  erpId: null,
  shopId: 'c-7',
  label: 'Nord AS',
  detail: 'E-mail is not valid.',
  wayOut: 'Correct the record in the webshop; it is tried again as soon as it changes.',
  field: null,
  others: [],
  since: NOW,
  attempts: 1,
}

describe('a record that waits', () => {
  test('a refused record is one entry with the vendor’s words and the way out', () => {
    expect(inboxAfter(parked('refused'))).toEqual([refusedEntry])
  })

  test('tried again in vain it stays one entry: since the first time, with its attempts counted', () => {
    expect(inboxAfter(parked('refused'), parked('refused', { detail: 'Name is missing.' }))).toEqual([
      { ...refusedEntry, detail: 'Name is missing.', attempts: 2 },
    ])
  })

  test('a label that a later look did not bring is kept', () => {
    expect(inboxAfter(parked('refused'), parked('refused', { label: '' }))).toEqual([{ ...refusedEntry, attempts: 2 }])
  })

  test('E1: reasons that nobody needs to see have no words and make no entry', () => {
    expect(inboxAfter(parked('ignored', { detail: '' }), { kind: 'outOfScope', shopId: 'c-8' })).toEqual([])
  })

  test('what waits by itself is in another pile than what needs a person', () => {
    const inbox = inboxAfter(
      parked('waiting'),
      parked('refused', {}, { shopId: 'c-8' }),
      parked('excluded', {}, { shopId: 'c-9' }),
    )
    expect(inbox.map((entry) => entry.pile)).toEqual(['waitsByItself', 'needsYou', 'needsYou'])
    expect(countByPile(inbox)).toEqual({ needsYou: 2, waitsByItself: 1 })
  })

  test.each([
    ['refused', 'Correct the record in the webshop; it is tried again as soon as it changes.'],
    [
      'ambiguous',
      'Link two of the records by hand (kobling link), say that one is to be created (kobling create), or change the shared key.',
    ],
    ['unreadable', 'Correct the value in the webshop; the record is read again as soon as it changes.'],
    ['excluded', 'Link it to another record (kobling link), or ask for a new counterpart (kobling inbox --retry).'],
    ['vanished', 'Approve that its counterpart is archived (kobling inbox --approve), or restore the record.'],
    ['waiting', 'Nothing to do: it is tried again by itself.'],
  ] as const)('an entry that is %s says what to do', (reason, wayOut) => {
    expect(inboxAfter(parked(reason)).map((entry) => entry.wayOut)).toEqual([wayOut])
  })
})

describe('entries close by themselves', () => {
  const happy = outcomeKinds.filter((kind) => kind !== 'parked' && kind !== 'waiting')

  test.each(happy)('when the record later ends as %s', (kind) => {
    expect(inboxAfter(parked('refused'), { kind, erpId: '12', shopId: 'c-7' })).toEqual([])
  })

  test('an outcome says nothing of other records', () => {
    const other = parked('refused', {}, { shopId: 'c-8' })
    expect(inboxAfter(parked('refused'), other, { kind: 'created', erpId: '12', shopId: 'c-8' })).toEqual([
      refusedEntry,
    ])
  })

  test('an entry made of one side closes when the pair is looked at from the other', () => {
    const vanished = parked('vanished', { side: 'erp' }, { erpId: '12', shopId: 'c-7' })
    expect(inboxAfter(vanished).map((entry) => entry.id)).toEqual(['erp:12'])
    expect(inboxAfter(vanished, { kind: 'deleted', shopId: 'c-7' })).toEqual([])
  })

  test('PowerOffice’s 7 is not the webshop’s 7', () => {
    expect(inboxAfter(parked('refused', {}, { shopId: '7' }), { kind: 'created', erpId: '7' })).toHaveLength(1)
  })
})

describe('rule 1: an ambiguous case is one entry', () => {
  test('it stays while a record that stands in its way waits or is refused, and closes when that one is settled', () => {
    const twin = parked('ambiguous', { others: ['erp:12'] }, { shopId: 'c-9' })
    const waits = parked('waiting', { side: 'erp' }, { erpId: '12', shopId: 'c-7' })
    expect(inboxAfter(twin, waits).map((entry) => entry.reason)).toEqual(['ambiguous', 'waiting'])
    expect(inboxAfter(twin, waits, { kind: 'updated', erpId: '12', shopId: 'c-7' })).toEqual([])
  })

  const members = ['erp:12', 'erp:13', 'shop:c-7'] as const
  const told = (own: (typeof members)[number]): Outcome => {
    const [side, id] = own.split(':') as ['erp' | 'shop', string]
    const others = members.filter((member) => member !== own)
    return parked('ambiguous', { side, others }, { [`${side}Id`]: id })
  }

  test('whichever of its records is told of, in whatever order; it names them all, and no attempt was made', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...members), { minLength: 1, maxLength: 6 }), (order) => {
        const inbox = inboxAfter(...order.map(told))
        expect(inbox.map(({ id, others, attempts }) => ({ id, others: [...others].sort(), attempts }))).toEqual([
          { id: 'erp:12', others: [...members], attempts: 1 },
        ])
      }),
    )
  })

  test('it closes when one of its records found its place', () => {
    expect(inboxAfter(told('erp:12'), told('shop:c-7'), { kind: 'linked', erpId: '13', shopId: 'c-7' })).toEqual([])
  })
})

describe('matters of one field', () => {
  const updated = (...notes: readonly FieldNote[]): Outcome => ({
    kind: 'updated',
    erpId: '12',
    shopId: 'c-7',
    wrote: ['shop'],
    notes,
  })

  test('a record can be synchronised and still have fields that a person should see, one entry each', () => {
    const inbox = inboxAfter(
      updated(
        { field: 'kind', kind: 'asks', detail: 'cannot change' },
        { field: 'number', kind: 'revertedTwice', winner: 'erp' },
      ),
    )
    expect(inbox).toEqual([
      {
        id: 'erp:12/kind',
        pile: 'needsYou',
        reason: 'field',
        erpId: '12',
        shopId: 'c-7',
        label: '',
        detail: 'cannot change',
        wayOut: 'Edit kind on either side; the entry closes when the two agree.',
        field: 'kind',
        others: [],
        since: NOW,
        attempts: 1,
      },
      {
        id: 'erp:12/number',
        pile: 'needsYou',
        reason: 'field',
        erpId: '12',
        shopId: 'c-7',
        label: '',
        detail: 'number belongs to PowerOffice and was changed on the other side again within the hour.',
        wayOut: 'Edit number on either side; the entry closes when the two agree.',
        field: 'number',
        others: [],
        since: NOW,
        attempts: 1,
      },
    ])
  })

  test('a field closes when the next look has nothing to say of it, and the other field stays', () => {
    const both = updated({ field: 'kind', kind: 'asks' }, { field: 'email', kind: 'withheld' })
    expect(
      inboxAfter(both, updated({ field: 'email', kind: 'withheld' })).map((entry) => [entry.id, entry.attempts]),
    ).toEqual([['erp:12/email', 2]])
    expect(inboxAfter(both, { kind: 'unchanged', erpId: '12', shopId: 'c-7' })).toEqual([])
  })

  test('what a rule settled is counted, not listed', () => {
    const settled = (['conflict', 'reverted', 'firstAgreement', 'adjusted'] as const).map((kind) => ({
      field: 'name',
      kind,
    }))
    expect(inboxAfter(updated(...settled))).toEqual([])
  })

  test.each([
    [
      { field: 'number', kind: 'revertedTwice', winner: 'shop' },
      'number belongs to the webshop and was changed on the other side again within the hour.',
    ],
    [{ field: 'rate', kind: 'asks' }, 'rate differs and a person decides.'],
    [{ field: 'name', kind: 'loop' }, 'name was left as it is on both sides.'],
  ] as const)('a note without words of its own gets a sentence: %o', (note, detail) => {
    expect(inboxAfter(updated(note)).map((entry) => entry.detail)).toEqual([detail])
  })

  test('a create whose field was withheld is listed by the record that exists', () => {
    const outcome: Outcome = {
      kind: 'outOfScope',
      shopId: 'c-7',
      notes: [{ field: 'email', kind: 'withheld', detail: 'too long' }],
    }
    expect(inboxAfter(outcome).map((entry) => entry.id)).toEqual(['shop:c-7/email'])
  })
})

test('E20: the inbox keeps the newest entries within its bound; every parked record has its row besides', () => {
  const many = Array.from({ length: INBOX_LIMIT + 3 }, (_, index) => parked('refused', {}, { shopId: `c-${index}` }))
  const inbox = inboxAfter(...many)
  expect([inbox.length, inbox.at(0)?.id, inbox.at(-1)?.id]).toEqual([
    INBOX_LIMIT,
    'shop:c-3',
    `shop:c-${INBOX_LIMIT + 2}`,
  ])
})

test('a credit note without an invoice stays listed through looks that change nothing, and closes with the next change', () => {
  const ids = { erpId: '12', shopId: 'c-7' }
  const made: Outcome = { kind: 'created', ...ids, notes: [{ field: 'credit', kind: 'asks', detail: 'Look at it.' }] }
  expect(inboxAfter(made, { kind: 'unchanged', ...ids }, { kind: 'unchanged', ...ids })).toMatchObject([
    { field: 'credit', pile: 'needsYou' },
  ])
  expect(inboxAfter(made, { kind: 'updated', ...ids })).toEqual([])
})

describe('E19: a record that is found changed at every attempt', () => {
  test('waits by itself, once, and leaves the inbox with the first attempt that ends in another way', () => {
    const pair = { erpId: '12', shopId: 'c-7' }
    const again = withNeverStill(withNeverStill([], pair, NOW), pair, NOW + 5)
    expect(again).toMatchObject([
      { id: 'erp:12', ...pair, pile: 'waitsByItself', reason: 'waiting', since: NOW, attempts: 2 },
    ])
    expect(withOutcomeInInbox(again, { kind: 'updated', ...pair, wrote: ['shop'] }, NOW + 9)).toEqual([])
  })

  test('of which nobody knows an id changes nothing', () => {
    expect(withNeverStill([refusedEntry], {}, NOW)).toEqual([refusedEntry])
  })
})
