import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Decision, FieldNote } from '../flows/decision.ts'
import { type Outcome, outcomeKinds } from '../flows/outcome.ts'
import type { Side } from '../flows/side.ts'
import { decidePair } from '../workflows/decide/decide-pair.ts'
import type { FlowState } from '../workflows/engine/flow-state.ts'
import {
  LOOP_WINDOW_MS,
  REVERT_WINDOW_MS,
  wasRevertedLately,
  withBreaker,
  withOutcome,
  wouldLoop,
} from '../workflows/engine/merge-outcomes.ts'
import { freshState } from './support/fresh-state.ts'
import { context, pairOf, reading, reconcileOf, sampleFlow, type Values, valueHash } from './support/pair-samples.ts'

const NOW = 1_000_000

function adopted(
  state: FlowState,
  outcome: Outcome,
  decision: Decision | null = reconcileOf(),
  nowMs = NOW,
): FlowState {
  return withOutcome(sampleFlow, state, outcome, decision, nowMs)
}

function refusal(detail = 'E-mail is not valid.', id = 'c-7'): Outcome {
  return { kind: 'parked', shopId: id, parked: { reason: 'refused', side: 'shop', label: '', detail } }
}

function afterMany(outcomes: readonly Outcome[]): FlowState {
  return outcomes.reduce((state, outcome) => adopted(state, outcome), freshState)
}

const ok: Outcome = { kind: 'created', erpId: '13', shopId: 'c-8', wrote: ['erp'] }

describe('E12: every record is counted once', () => {
  const anyOutcome: fc.Arbitrary<Outcome> = fc.record({
    kind: fc.constantFrom(...outcomeKinds.filter((kind) => kind !== 'deferred')),
    erpId: fc.constantFrom('12', '13'),
    shopId: fc.constantFrom('c-7', 'c-8'),
    wrote: fc.uniqueArray(fc.constantFrom<Side>('erp', 'shop')),
    notes: fc.array(
      fc.record({
        field: fc.constant('name'),
        kind: fc.constantFrom<FieldNote['kind']>('conflict', 'reverted', 'adjusted'),
      }),
    ),
  })

  test('the counts of all kinds sum up to the outcomes, and so do writes and notes', () => {
    fc.assert(
      fc.property(fc.array(anyOutcome, { maxLength: 12 }), (outcomes) => {
        const { counters } = afterMany(outcomes)
        const sum = (counts: Readonly<Record<string, number>>): number =>
          Object.values(counts).reduce((a, b) => a + b, 0)
        expect(sum(counters.outcomes)).toBe(outcomes.length)
        expect(sum(counters.writes)).toBe(outcomes.flatMap(({ wrote }) => wrote ?? []).length)
        expect(sum(counters.notes)).toBe(outcomes.flatMap(({ notes }) => notes ?? []).length)
      }),
    )
  })

  test('a deferred record is asked again and counted then', () => {
    expect(adopted(freshState, { kind: 'deferred', erpId: '12' })).toBe(freshState)
  })

  test('state after an outcome is plain JSON and leaves the state before it as it was', () => {
    fc.assert(
      fc.property(anyOutcome, (outcome) => {
        const before = JSON.stringify(freshState)
        const state = adopted(freshState, outcome)
        expect(JSON.parse(JSON.stringify(state))).toEqual(state)
        expect(JSON.stringify(freshState)).toBe(before)
      }),
    )
  })
})

describe('what just moved in which direction', () => {
  const decision = reconcileOf({ writeErp: ['name'], writeShop: ['number'] })

  test('an update is told with its fields, label and the side that was written', () => {
    const state = adopted(
      freshState,
      { kind: 'updated', erpId: '12', shopId: 'c-7', wrote: ['erp'] },
      reconcileOf({ writeErp: ['name'] }),
    )
    expect(state.recent).toEqual([
      { at: NOW, kind: 'updated', to: 'erp', erpId: '12', shopId: 'c-7', fields: ['name'], label: 'Nord AS' },
    ])
    expect(state.lastChangeTo).toEqual({ erp: NOW, shop: null })
  })

  test('an update of both sides has no single direction', () => {
    const state = adopted(freshState, { kind: 'updated', erpId: '12', shopId: 'c-7', wrote: ['erp', 'shop'] }, decision)
    expect(state.recent).toMatchObject([{ to: null, fields: ['name', 'number'] }])
    expect(state.lastChangeTo).toEqual({ erp: NOW, shop: NOW })
  })

  test('a create is told in the direction of the new record, though its counterpart was told our reference too', () => {
    const create: Decision = { kind: 'create', on: 'erp', from: reading('shop'), rows: [] }
    const state = adopted(freshState, { kind: 'created', erpId: '13', shopId: 'c-7', wrote: ['erp', 'shop'] }, create)
    expect(state.recent).toEqual([
      { at: NOW, kind: 'created', to: 'erp', erpId: '13', shopId: 'c-7', fields: [], label: 'Nord AS' },
    ])
  })

  test('the newest twenty are kept, newest first', () => {
    const many = Array.from({ length: 25 }, (_, index): Outcome => ({ ...ok, erpId: String(index) }))
    const { recent } = afterMany(many)
    expect(recent.map((movement) => movement.erpId)).toEqual(
      many
        .slice(5)
        .reverse()
        .map((outcome) => outcome.erpId),
    )
  })

  test.each(['unchanged', 'parked', 'stale', 'outOfScope', 'dropped'] as const)('nothing moved: %s', (kind) => {
    expect(adopted(freshState, { kind, erpId: '12' }).recent).toEqual([])
  })
})

describe('the inbox', () => {
  const listed = adopted(freshState, refusal())

  test('a refused record is listed, and closes when it is created', () => {
    expect(listed.inbox.map((entry) => entry.id)).toEqual(['shop:c-7'])
    expect(adopted(listed, { kind: 'created', erpId: '12', shopId: 'c-7', wrote: ['erp'] }).inbox).toEqual([])
  })

  test('a stale record is looked at again in a moment; until then the inbox stays as it was', () => {
    expect(adopted(listed, { kind: 'stale', shopId: 'c-7' }).inbox).toBe(listed.inbox)
  })

  test('A15: a refused record that is looked at for nothing stays listed', () => {
    expect(adopted(listed, { kind: 'dropped', shopId: 'c-7' }, null).inbox).toBe(listed.inbox)
  })

  test('a record that was forgotten is not listed any more', () => {
    const forget: Decision = { kind: 'forget', erpId: null, shopId: 'c-7', apart: null, rows: [] }
    expect(adopted(listed, { kind: 'dropped', shopId: 'c-7' }, forget).inbox).toEqual([])
  })

  test('a pair that was found as it should be, or out of scope, is not listed any more', () => {
    expect(adopted(listed, { kind: 'unchanged', shopId: 'c-7' }, null).inbox).toEqual([])
    expect(adopted(listed, { kind: 'outOfScope', shopId: 'c-7' }, null).inbox).toEqual([])
  })
})

describe('E20: a flow pauses itself on a rate of refusals', () => {
  const mixed = (refused: number, total: number): Outcome[] =>
    Array.from({ length: total }, (_, index) => (index < refused ? refusal(`reason ${index}`, `c-${index}`) : ok))

  test('not on single refusals', () => {
    const state = afterMany(mixed(5, 20))
    expect(withBreaker(state, NOW)).toBe(state)
  })

  test('more than 20 % of the last 500 decided records pause it, 20 % do not', () => {
    const atLimit = afterMany(mixed(100, 500))
    expect(withBreaker(atLimit, NOW)).toBe(atLimit)
    const over = withBreaker(afterMany(mixed(101, 500)), NOW)
    expect(over.pauseReasons).toEqual([
      {
        kind: 'breaker',
        by: 'kobling',
        why: '101 of the last 500 records were refused; see the inbox, mend the cause, then resume',
        at: NOW,
      },
    ])
  })

  test('a share of fewer than 500 records says nothing yet', () => {
    const state = afterMany(mixed(100, 499))
    expect(withBreaker(state, NOW)).toBe(state)
  })

  test('refusals of long ago do not count', () => {
    const state = afterMany([...mixed(101, 500), ...mixed(0, 500)])
    expect([withBreaker(state, NOW), state.refusals]).toEqual([state, '0'.repeat(500)])
  })

  test('one reason more than a hundred times in a row pauses it, a hundred times do not', () => {
    const same = (times: number): Outcome[] =>
      Array.from({ length: times }, (_, index) => refusal('Number series is full.', `c-${index}`))
    const atLimit = afterMany(same(100))
    expect(withBreaker(atLimit, NOW)).toBe(atLimit)
    expect(withBreaker(afterMany(same(101)), NOW).pauseReasons.map((reason) => reason.why)).toEqual([
      'the same refusal came 101 times in a row; see the inbox, mend the cause, then resume',
    ])
    expect(afterMany([...same(90), ok, ...same(20)]).sameReason).toEqual({
      detail: 'Number series is full.',
      times: 20,
    })
    expect(afterMany([...same(90), refusal('else')]).sameReason).toEqual({ detail: 'else', times: 1 })
  })

  test('only what was decided counts: stale records and those looked at for nothing say neither yes nor no', () => {
    const state = afterMany([refusal(), refusal()])
    const later = adopted(adopted(state, { kind: 'stale', shopId: 'c-7' }), { kind: 'dropped', shopId: 'c-7' }, null)
    expect([later.refusals, later.sameReason]).toEqual([state.refusals, state.sameReason])
  })

  test('what waits by itself or is ambiguous is no refusal', () => {
    const waits = (reason: 'waiting' | 'ambiguous'): Outcome => ({
      kind: 'parked',
      shopId: 'c-7',
      parked: { reason, side: 'shop', label: '', detail: 'x' },
    })
    expect(afterMany([waits('waiting'), waits('ambiguous')]).refusals).toBe('00')
  })

  test('tripping clears the record, so that a resume is not undone at once, and keeps other reasons to pause', () => {
    const person = { kind: 'person', by: 'Kari', why: 'lunch', at: 1 } as const
    const over = withBreaker({ ...afterMany(mixed(101, 500)), pauseReasons: [person] }, NOW)
    expect([over.refusals, over.sameReason, over.pauseReasons.length, over.pauseReasons[0]]).toEqual([
      '',
      { detail: '', times: 0 },
      2,
      person,
    ])
    const resumed = { ...over, pauseReasons: [] }
    expect(withBreaker(resumed, NOW)).toBe(resumed)
  })
})

describe('E20: the loop breaker', () => {
  /** Edits one after the other, each decided with what the flow remembers and applied; the sides that were written. */
  function live(edits: readonly { readonly side: Side; readonly value: string; readonly at?: number }[]): string[] {
    let state = freshState
    let erp: Values = {}
    let shop: Values = {}
    let base: Values = {}
    const seen: string[] = []
    for (const [index, edit] of edits.entries()) {
      if (edit.side === 'erp') erp = { ...erp, name: edit.value }
      else shop = { ...shop, name: edit.value }
      const nowMs = edit.at ?? NOW + index * 1_000
      const decision = decidePair(sampleFlow, pairOf(erp, shop, base), {
        ...context,
        nowMs,
        wouldLoop: (field, to, hash) => wouldLoop(state, '12', field, { to, hash }, nowMs),
      })
      if (decision.kind !== 'reconcile') {
        seen.push(decision.kind)
        continue
      }
      const wrote: Side[] = decision.writeErp.length > 0 ? ['erp'] : decision.writeShop.length > 0 ? ['shop'] : []
      state = adopted(
        state,
        { kind: wrote.length > 0 ? 'updated' : 'unchanged', erpId: '12', shopId: 'c-7', wrote, notes: decision.notes },
        decision,
        nowMs,
      )
      if (wrote[0] === 'erp') erp = shop
      if (wrote[0] === 'shop') shop = erp
      if (wrote.length > 0) base = erp
      seen.push(wrote[0] ?? decision.notes.map((note) => note.kind).join())
    }
    return seen
  }

  test('two systems that rewrite each other’s value to and fro trip it on the fourth write', () => {
    const toAndFro = [
      { side: 'erp', value: 'A' },
      { side: 'shop', value: 'B' },
      { side: 'erp', value: 'A' },
      { side: 'shop', value: 'B' },
    ] as const
    expect(live(toAndFro)).toEqual(['shop', 'erp', 'shop', 'loop'])
  })

  test('five quick edits by a person on one side, back and forth between two values, do not trip it', () => {
    const edits = ['A', 'B', 'A', 'B', 'A'].map((value) => ({ side: 'shop' as const, value }))
    expect(live(edits)).toEqual(['erp', 'erp', 'erp', 'erp', 'erp'])
  })

  test('two people who edit in turn, each time to something new, do not trip it', () => {
    const edits = ['A', 'B', 'C', 'D', 'E'].map((value, index) => ({
      side: index % 2 === 0 ? ('erp' as const) : ('shop' as const),
      value,
    }))
    expect(live(edits)).toEqual(['shop', 'erp', 'shop', 'erp', 'shop'])
  })

  test('an edit back to an earlier value, after something new came from the other side, does not trip it', () => {
    const edits = ['A', 'B', 'C', 'B'].map((value, index) => ({
      side: index % 2 === 0 ? ('erp' as const) : ('shop' as const),
      value,
    }))
    expect(live(edits)).toEqual(['shop', 'erp', 'shop', 'erp'])
  })

  test('to and fro over more than ten minutes does not trip it', () => {
    const step = LOOP_WINDOW_MS / 2
    const slowly = ['A', 'B', 'A', 'B'].map((value, index) => ({
      side: index % 2 === 0 ? ('erp' as const) : ('shop' as const),
      value,
      at: NOW + index * step,
    }))
    expect(live(slowly)).toEqual(['shop', 'erp', 'shop', 'erp'])
  })

  test('a write of another pair or another field does not count', () => {
    const write = (to: Side, value: string) => ({
      pair: '12',
      field: 'name',
      to,
      hash: valueHash(value),
      at: NOW,
      reverted: false,
    })
    const state: FlowState = {
      ...freshState,
      recentWrites: [write('shop', 'A'), write('erp', 'B'), write('shop', 'A')],
    }
    const next = { to: 'erp', hash: valueHash('B') } as const
    expect(wouldLoop(state, '12', 'name', next, NOW)).toBe(true)
    expect(wouldLoop(state, '13', 'name', next, NOW)).toBe(false)
    expect(wouldLoop(state, '12', 'remark', next, NOW)).toBe(false)
    expect(wouldLoop(state, '12', 'name', { ...next, hash: valueHash('C') }, NOW)).toBe(false)
    expect(wouldLoop(state, '12', 'name', { ...next, to: 'shop' }, NOW)).toBe(false)
    expect(LOOP_WINDOW_MS).toBe(600_000)
  })

  test('only what was really updated is remembered, five hundred writes at the most', () => {
    const decision = reconcileOf({ writeErp: ['name'], shop: reading('shop', { name: 'A' }) })
    expect(adopted(freshState, { kind: 'stale', erpId: '12' }, decision).recentWrites).toEqual([])
    expect(adopted(freshState, { kind: 'updated', erpId: '12', wrote: ['erp'] }, decision).recentWrites).toEqual([
      { pair: '12', field: 'name', to: 'erp', hash: valueHash('A'), at: NOW, reverted: false },
    ])
    let state = freshState
    for (let index = 0; index < 502; index++)
      state = adopted(state, { kind: 'updated', erpId: '12', wrote: ['erp'] }, decision, NOW + index)
    expect([state.recentWrites.length, state.recentWrites[0]?.at]).toEqual([500, NOW + 2])
  })
})

describe('rule 7: put back within the hour', () => {
  const decision = reconcileOf({ writeShop: ['number'], erp: reading('erp', { number: 'A' }) })
  const state = adopted(
    freshState,
    { kind: 'updated', erpId: '12', wrote: ['shop'], notes: [{ field: 'number', kind: 'reverted', winner: 'erp' }] },
    decision,
  )

  test('a field that was put back is remembered for an hour, of that pair and field alone', () => {
    expect(wasRevertedLately(state, '12', 'number', NOW + REVERT_WINDOW_MS - 1)).toBe(true)
    expect(wasRevertedLately(state, '12', 'number', NOW + REVERT_WINDOW_MS)).toBe(false)
    expect(wasRevertedLately(state, '13', 'number', NOW)).toBe(false)
    expect(wasRevertedLately(state, '12', 'name', NOW)).toBe(false)
    expect(REVERT_WINDOW_MS).toBe(3_600_000)
  })

  test('an ordinary write of the field is no put-back', () => {
    const plain = adopted(freshState, { kind: 'updated', erpId: '12', wrote: ['shop'] }, decision)
    expect(wasRevertedLately(plain, '12', 'number', NOW)).toBe(false)
  })
})
