import { describe, expect, test } from 'vitest'
import type { ParkDecision } from '../flows/decision.ts'
import { NO_HASH } from '../flows/field-hashes.ts'
import type { FlowDefinition } from '../flows/flow-definition.ts'
import type { Match, Pair } from '../flows/pair.ts'
import type { SideState } from '../flows/reading.ts'
import type { Row } from '../flows/row.ts'
import type { Side } from '../flows/side.ts'
import { type DecideContext, decidePair, type Verdict } from '../workflows/decide/decide-pair.ts'
import {
  apartRow,
  context,
  creatingRow,
  differsOf,
  fieldNames,
  goneRow,
  linkedRow,
  marks,
  pairOf,
  reading,
  sampleFlow,
  seenOf,
  seenRow,
  type Values,
  valueHash,
} from './support/pair-samples.ts'

const absent: SideState = { kind: 'absent' }
const unchanged: Verdict = { kind: 'nothing', why: 'unchanged' }
const outOfScope: Verdict = { kind: 'nothing', why: 'outOfScope' }
const dropped: Verdict = { kind: 'nothing', why: 'dropped' }
const none: Match = { kind: 'none' }
const byEmail: Match = { kind: 'matched', by: 'email' }
const ambiguous: Match = {
  kind: 'ambiguous',
  by: 'email',
  members: ['erp:12', 'erp:13', 'shop:c-7'],
  why: '2 customers in PowerOffice have the e-mail of this webshop customer.',
}
const allAgreed = '1'.repeat(fieldNames.length)

function decide(pair: Pair, rest: Partial<DecideContext> = {}, definition: FlowDefinition = sampleFlow): Verdict {
  return decidePair(definition, pair, { ...context, ...rest })
}

function present(side: Side, values: Values = {}, rest: Parameters<typeof reading>[2] = {}): SideState {
  return { kind: 'present', reading: reading(side, values, rest) }
}

function missing(side: Side, tombstone = false): SideState {
  return { kind: 'missing', id: side === 'erp' ? '12' : 'c-7', tombstone }
}

function unreadable(side: Side): SideState {
  return { kind: 'unreadable', id: side === 'erp' ? '12' : 'c-7', path: 'email', problem: 'is a number', seen: 'raw' }
}

/** One record whose counterpart nobody knows. */
function alone(state: SideState, rows: readonly Row[] = [], match: Match = none): Pair {
  const isErp = state.kind === 'present' ? state.reading.side === 'erp' : state.kind !== 'absent' && state.id === '12'
  return { erp: isErp ? state : absent, shop: isErp ? absent : state, rows, match, differs: '' }
}

function park(side: Side, rest: Partial<ParkDecision>): ParkDecision {
  const own = reading(side)
  return {
    kind: 'park',
    side,
    id: own.id,
    seen: own.seen,
    label: 'Nord AS',
    reason: 'ignored',
    others: [],
    detail: '',
    rows: [],
    ...rest,
  }
}

describe('a linked pair', () => {
  test('rule 6: what the memory has seen exactly so needs nothing', () => {
    expect(decide(pairOf({}, {}, {}))).toEqual(unchanged)
  })

  test('rule 3: an edit is carried over, with the rows as they were read', () => {
    expect(decide(pairOf({}, { name: 'A' }, {}))).toEqual({
      kind: 'reconcile',
      how: 'update',
      erp: reading('erp'),
      shop: reading('shop', { name: 'A' }),
      writeErp: ['name'],
      writeShop: [],
      agreed: allAgreed,
      nameCounterpart: false,
      notes: [],
      rows: [linkedRow()],
      by: '',
    })
  })

  test('rule 6: the same edit made on both sides is remembered and written nowhere', () => {
    expect(decide(pairOf({ name: 'A' }, { name: 'A' }, {}))).toMatchObject({
      kind: 'reconcile',
      how: 'remember',
      writeErp: [],
      writeShop: [],
      agreed: allAgreed,
    })
  })

  test('E2: a side whose content was not seen so yet is remembered though nothing differs', () => {
    const notSeen = { ...pairOf({}, {}, {}), rows: [linkedRow({}, { shopSeen: 'else' })] }
    expect(decide(notSeen)).toMatchObject({ kind: 'reconcile', how: 'remember' })
  })

  test('E2: a field without a base that shows the same on both sides is remembered', () => {
    const noBase = {
      ...pairOf({}, {}, {}),
      rows: [linkedRow({ name: undefined }, { erpSeen: seenOf({}), shopSeen: seenOf({}) })],
    }
    expect(decide(noBase)).toMatchObject({ kind: 'reconcile', how: 'remember', agreed: allAgreed })
  })

  test('E2: a pair that knowingly differs, since a system rewrote a value, needs nothing', () => {
    const row = linkedRow(
      { name: 'Ola' },
      { shopBase: linkedRow({ name: 'OLA' }).base, shopSeen: seenOf({ name: 'OLA' }) },
    )
    expect(decide({ ...pairOf({ name: 'Ola' }, { name: 'OLA' }, {}), rows: [row] })).toEqual(unchanged)
  })

  test('E21: an edit that is left on the receiving side needs nothing once it was seen', () => {
    const pair = pairOf({}, { stock: 'B' }, {})
    expect(decide(pair)).toMatchObject({ kind: 'reconcile', how: 'remember', agreed: marks('0', ['stock']), notes: [] })
    expect(decide({ ...pair, rows: [linkedRow({}, { shopSeen: seenOf({ stock: 'B' }) })] })).toEqual(unchanged)
  })

  test('E3: a row of another definition version is re-based even when nothing differs', () => {
    const old = linkedRow({}, { definition: sampleFlow.version - 1 })
    expect(decide({ ...pairOf({}, {}, {}), rows: [old] })).toMatchObject({
      kind: 'reconcile',
      how: 'remember',
      agreed: allAgreed,
    })
  })

  test('rule 12: a webshop record that does not name its counterpart is told, and nothing else is written', () => {
    const pair = { ...pairOf({}, {}, {}), shop: present('shop', {}, { reference: null }) }
    expect(decide(pair)).toMatchObject({ how: 'remember', nameCounterpart: true, writeErp: [], writeShop: [] })
  })

  test('a field that a person must settle is told again whenever the pair is looked at', () => {
    const row = linkedRow({}, { erpSeen: seenOf({ kind: 'B' }) })
    expect(decide({ ...pairOf({ kind: 'B' }, {}, {}), rows: [row] })).toMatchObject({
      how: 'remember',
      agreed: marks('0', ['kind']),
      notes: [{ field: 'kind', kind: 'asks' }],
    })
  })

  test.each(['erp', 'shop'] as const)(
    'a record that cannot be read on side %s is listed with path and problem, the link stays, and what its counterpart shows is not looked at again for it',
    (side) => {
      const sound = pairOf({}, {}, {})
      const other = sound[side === 'erp' ? 'shop' : 'erp']
      const listed = { reason: 'unreadable', label: '', detail: 'email: is a number', rows: [linkedRow()] } as const
      expect(decide({ ...sound, [side]: unreadable(side) })).toEqual({
        ...park(side, { ...listed, seen: 'raw' }),
        otherSeen: other.kind === 'present' ? other.reading.seen : 'nothing was read',
      })
    },
  )

  test('rule 4c: a linked record that leaves the scope is frozen: nothing is written, what it shows counts as seen', () => {
    const guest = present('shop', { name: 'A' }, { outOfScope: 'guest' })
    const pair = { ...pairOf({}, { name: 'A' }, {}), shop: guest }
    expect(decide(pair)).toEqual(
      park('shop', { reason: 'outOfScope', seen: seenOf({ name: 'A' }), rows: [linkedRow()] }),
    )
    expect(decide({ ...pair, rows: [linkedRow({}, { shopSeen: seenOf({ name: 'A' }) })] })).toEqual(outOfScope)
  })

  test('rule 4c: an edit of the counterpart of a frozen record counts as seen and is carried over when it thaws', () => {
    const frozen = { ...pairOf({ name: 'A' }, {}, {}), shop: present('shop', {}, { outOfScope: 'guest' }) }
    expect(decide(frozen)).toEqual(
      park('erp', { reason: 'outOfScope', seen: seenOf({ name: 'A' }), rows: [linkedRow()] }),
    )
    const thawed = { ...pairOf({ name: 'A' }, {}, {}), rows: [linkedRow({}, { erpSeen: seenOf({ name: 'A' }) })] }
    expect(decide(thawed)).toMatchObject({ how: 'update', writeShop: ['name'] })
  })
})

describe('one record of a linked pair is not there any more', () => {
  const linked = [linkedRow()]
  const half = (erp: SideState, shop: SideState): Pair => ({
    erp,
    shop,
    rows: linked,
    match: { kind: 'notAsked' },
    differs: '',
  })
  const retire = { kind: 'retire', erpId: '12', shopId: 'c-7', archive: null, rows: linked }

  test('E16: both are gone: the link becomes a grave', () => {
    expect(decide(half(missing('erp'), missing('shop')))).toEqual({ ...retire, gone: 'both' })
  })

  test('E16: the webshop’s tombstone is its own word: the link ends, PowerOffice is left alone', () => {
    expect(decide(half(present('erp'), missing('shop', true)))).toEqual({ ...retire, gone: 'shop' })
  })

  test('rule 13: a vanished PowerOffice record is listed; nothing is archived without approval', () => {
    const listed = park('erp', { reason: 'vanished', others: ['shop:c-7'], rows: linked })
    expect(decide(half(missing('erp'), present('shop')))).toEqual({
      ...listed,
      detail: 'PowerOffice does not find it any more; the next sweeps will tell whether it was deleted.',
    })
    expect(decide(half(missing('erp'), present('shop')), { missingTwice: true })).toEqual({
      ...listed,
      detail: 'It was deleted in PowerOffice (two sweeps and a lookup by id agree); its counterpart still stands.',
    })
  })

  test('rule 13: an approved deletion archives the webshop’s record', () => {
    expect(decide(half(missing('erp'), present('shop')), { wish: { kind: 'approveDelete', by: 'Kari' } })).toEqual({
      ...retire,
      gone: 'erp',
      archive: reading('shop'),
    })
  })

  test('rule 13: a webshop record that is not found is listed, and an approval ends the link', () => {
    expect(decide(half(present('erp'), missing('shop')))).toEqual(
      park('shop', {
        reason: 'vanished',
        others: ['erp:12'],
        rows: linked,
        detail: 'the webshop does not find it any more; the next sweeps will tell whether it was deleted.',
      }),
    )
    expect(decide(half(present('erp'), missing('shop')), { wish: { kind: 'approveDelete', by: 'Kari' } })).toEqual({
      ...retire,
      gone: 'shop',
    })
  })

  test('rule 13: approving a deletion does nothing to a pair whose records are both there', () => {
    expect(decide(pairOf({}, {}, {}), { wish: { kind: 'approveDelete', by: 'Kari' } })).toEqual(unchanged)
  })

  test('a counterpart that nobody looked for is not concluded to have vanished', () => {
    expect(decide(half(present('erp'), absent))).toEqual(dropped)
    expect(decide(half(absent, present('shop')))).toEqual(dropped)
  })
})

describe('two records without a link', () => {
  test('rule 2: a match is linked under first agreement and says by which key', () => {
    expect(decide(pairOf({ name: 'A' }, {}, null, { match: byEmail }))).toEqual({
      kind: 'reconcile',
      how: 'link',
      erp: reading('erp', { name: 'A' }),
      shop: reading('shop'),
      writeErp: [],
      writeShop: ['name'],
      agreed: allAgreed,
      nameCounterpart: false,
      notes: [{ field: 'name', kind: 'firstAgreement', winner: 'erp' }],
      rows: [],
      by: 'email',
    })
  })

  test('E18: a record that carries our reference is adopted, under first agreement like any other', () => {
    expect(decide(pairOf({ name: 'A' }, {}, null, { match: { kind: 'matched', by: 'reference' } }))).toMatchObject({
      how: 'adopt',
      by: 'reference',
      writeShop: ['name'],
    })
  })

  test('E18: a create of our own whose answer was lost is adopted without losing what its source was given since', () => {
    const adopted = (side: 'erp' | 'shop', times: { erp: number; shop: number }) =>
      decide({
        ...pairOf({}, {}, null, { match: { kind: 'matched', by: 'reference' } }),
        erp: present('erp', { name: 'A' }, { changedAtMs: times.erp }),
        shop: present('shop', { name: 'B' }, { changedAtMs: times.shop }),
        differs: differsOf({ name: 'A' }, { name: 'B' }),
        rows: [creatingRow(side)],
      })
    const [early, late] = [1_000_000, 1_060_000]
    // Edited in the webshop after it was created in PowerOffice, or so soon that the clocks do not tell.
    expect(adopted('shop', { erp: early, shop: late })).toMatchObject({ writeErp: ['name'], writeShop: [] })
    expect(adopted('shop', { erp: early, shop: early })).toMatchObject({ writeErp: ['name'], writeShop: [] })
    // A person in PowerOffice has edited the new record meanwhile.
    expect(adopted('shop', { erp: late, shop: early })).toMatchObject({ writeErp: [], writeShop: ['name'] })
    // And the other way round.
    expect(adopted('erp', { erp: early, shop: early })).toMatchObject({ writeErp: [], writeShop: ['name'] })
    expect(adopted('erp', { erp: early, shop: late })).toMatchObject({ writeErp: ['name'], writeShop: [] })
  })

  test('E18: a create of our own whose answer was lost is adopted with what it gave as the base, so that edits of both sides since are kept', () => {
    const adopted = (from: 'erp' | 'shop', erp: Values, shop: Values, given: Values, by = 'reference') =>
      decide({
        ...pairOf({}, {}, null, { match: { kind: 'matched', by } }),
        erp: present('erp', erp),
        shop: present('shop', shop),
        differs: differsOf(erp, shop),
        rows: [creatingRow(from, given)],
      })
    const given = { name: 'A', remark: '1' }
    for (const from of ['erp', 'shop'] as const) {
      expect(adopted(from, { name: 'A', remark: '2' }, { name: 'B', remark: '1' }, given)).toMatchObject({
        how: 'adopt',
        writeErp: ['name'],
        writeShop: ['remark'],
        notes: [],
      })
      const [onErp, onShop] = [
        { writeErp: ['remark'], writeShop: [] },
        { writeErp: [], writeShop: ['remark'] },
      ]
      // Empty on the source: that is an edit. Empty on the new record: that cannot be told from what was never given.
      expect(adopted(from, { name: 'A', remark: null }, given, given)).toMatchObject(from === 'erp' ? onShop : onErp)
      expect(adopted(from, given, { name: 'A', remark: null }, given)).toMatchObject(from === 'shop' ? onErp : onShop)
    }
    const matched = pairOf({ name: 'A' }, { name: 'B' }, null, { match: { kind: 'matched', by: 'email' } })
    const othersErp = { ...matched, rows: [creatingRow('shop', { name: 'B' })], isOthers: true as const }
    expect(decide(othersErp)).toMatchObject({ writeShop: ['name'], notes: [{ kind: 'firstAgreement', winner: 'erp' }] })
    // The webshop names the record it was made for; one that matches by a key alone was made by somebody else.
    expect(adopted('erp', { name: 'A' }, { name: 'B' }, { name: 'A' }, 'email')).toMatchObject({ writeShop: ['name'] })
  })

  test('E18: what the new record spells in its own way is no edit while nobody has changed it since it was created', () => {
    const row = creatingRow('shop', { name: 'a' })
    const adopted = (erp: Values, shop: Values, asCreated: string | undefined, earlier: readonly string[] = []) =>
      decide({
        ...pairOf({}, {}, null, { match: { kind: 'matched', by: 'reference' } }),
        erp: present('erp', erp),
        shop: present('shop', shop),
        differs: differsOf(erp, shop),
        rows: [{ ...row, gives: { hashes: row.gives?.hashes ?? '', definition: sampleFlow.version, earlier } }],
        ...(asCreated === undefined ? {} : { asCreated }),
      })
    const all = '1'.repeat(sampleFlow.fields.length)
    // The webshop gave a, PowerOffice made A of it.
    expect(adopted({ name: 'A' }, { name: 'a' }, all)).toMatchObject({ writeErp: [], writeShop: [], notes: [] })
    expect(adopted({ name: 'A' }, { name: 'b' }, all)).toMatchObject({ writeErp: ['name'], writeShop: [], notes: [] })
    // Somebody was at it since: it may be an edit.
    expect(adopted({ name: 'A' }, { name: 'a' }, undefined)).toMatchObject({ writeErp: [], writeShop: ['name'] })
    expect(adopted({ name: 'A' }, { name: 'a' }, `0${all.slice(1)}`)).toMatchObject({ writeShop: ['name'] })
    // Of two attempts nobody knows which one landed: what the webshop shows by now is given again.
    const before = creatingRow('shop', { name: 'z' }).gives?.hashes ?? ''
    expect(adopted({ name: 'Z' }, { name: 'a' }, all, [before])).toMatchObject({ writeErp: ['name'], writeShop: [] })
  })

  test('E18: of several attempts at a create the one that landed is the base', () => {
    const row = creatingRow('shop', { name: 'C' })
    const gives = { ...row.gives, hashes: row.gives?.hashes ?? '', definition: sampleFlow.version }
    const earlier = [creatingRow('shop', { name: 'B' }), creatingRow('shop', { name: 'A' })].map(
      ({ gives: given }) => given?.hashes ?? '',
    )
    const adopted = (erp: Values, shop: Values) =>
      decide({
        ...pairOf({}, {}, null, { match: { kind: 'matched', by: 'reference' } }),
        erp: present('erp', erp),
        shop: present('shop', shop),
        differs: differsOf(erp, shop),
        rows: [{ ...row, gives: { ...gives, earlier } }],
      })
    for (const landed of ['A', 'B', 'C'])
      expect(adopted({ name: landed }, { name: 'D' })).toMatchObject({ writeErp: ['name'], writeShop: [], notes: [] })
  })

  test('E19: a write of ours whose answer was lost is no edit of the side that shows it', () => {
    const base = { name: 'A', remark: 'A' }
    const tried = (erp: Values, shop: Values, written: string, to: 'erp' | 'shop') => {
      const hashes = fieldNames.map((field) => (field === 'name' ? valueHash(written) : NO_HASH)).join('')
      const pair = pairOf({ ...base, ...erp }, { ...base, ...shop }, base)
      const writes = to === 'erp' ? ([hashes, ''] as const) : (['', hashes] as const)
      return decide({ ...pair, rows: [linkedRow(base, { tried: writes })] })
    }
    // Written from the webshop, which was edited again before anybody knew.
    expect(tried({ name: 'B' }, { name: 'C' }, 'B', 'erp')).toMatchObject({
      writeErp: ['name'],
      writeShop: [],
      notes: [],
    })
    expect(tried({ name: 'C' }, { name: 'B' }, 'B', 'shop')).toMatchObject({
      writeErp: [],
      writeShop: ['name'],
      notes: [],
    })
    // It did not land: what the side shows is as it was, or somebody's edit.
    expect(tried({ name: 'A' }, { name: 'C' }, 'B', 'erp')).toMatchObject({ writeErp: ['name'], notes: [] })
    expect(tried({ name: 'X' }, { name: 'C' }, 'B', 'erp')).toMatchObject({
      notes: [{ field: 'name', kind: 'conflict' }],
    })
    // Settled, it is forgotten: another day the same value is an edit.
    expect(tried({}, {}, 'B', 'erp')).toMatchObject({
      kind: 'reconcile',
      how: 'remember',
    })
  })

  test('rule 4a: inactive records that match are linked', () => {
    const pair = { ...pairOf({}, {}, null, { match: byEmail }), erp: present('erp', {}, { dormant: true }) }
    expect(decide(pair)).toMatchObject({ kind: 'reconcile', how: 'link' })
  })

  test('rule 1: an ambiguous case is listed once, with its other members', () => {
    expect(decide(pairOf({}, {}, null, { match: ambiguous }))).toEqual(
      park('erp', {
        reason: 'ambiguous',
        others: ['erp:13', 'shop:c-7'],
        detail: ambiguous.kind === 'ambiguous' ? ambiguous.why : '',
      }),
    )
  })

  test('rule 1: a person links what is ambiguous', () => {
    expect(decide(pairOf({}, {}, null, { match: ambiguous }), { wish: { kind: 'link', by: 'Kari' } })).toMatchObject({
      kind: 'reconcile',
      how: 'link',
      by: 'Kari',
    })
  })

  test('rule 13: a record that came back after its deletion is linked again with the counterpart that it had', () => {
    const rows = [goneRow({ gone: 'erp', wasDormant: true })]
    const match: Match = { kind: 'matched', by: 'reappearance' }
    expect(decide(pairOf({ name: 'A' }, {}, null, { match, rows }))).toMatchObject({
      kind: 'reconcile',
      how: 'adopt',
      writeShop: ['name'],
      rows,
    })
  })

  test('rule 4c: one that came back out of scope, or to a counterpart out of scope, is left alone', () => {
    const pair = pairOf({}, {}, null, { match: { kind: 'matched', by: 'reappearance' }, rows: [goneRow()] })
    expect(decide({ ...pair, erp: present('erp', {}, { outOfScope: 'otherKind' }) })).toEqual(outOfScope)
    expect(decide({ ...pair, shop: present('shop', {}, { outOfScope: 'guest' }) })).toEqual(outOfScope)
  })

  test('two records that nobody says belong together are left alone', () => {
    expect(decide(pairOf({}, {}, null, { match: none }))).toEqual(dropped)
    expect(decide(pairOf({}, {}, null))).toEqual(dropped)
  })

  test('E1: a pair that was set apart is not linked by a match, only by a person', () => {
    const pair = pairOf({}, {}, null, { match: byEmail, rows: [apartRow] })
    expect(decide(pair)).toEqual(dropped)
    expect(decide(pair, { wish: { kind: 'link', by: 'Kari' } })).toMatchObject({
      kind: 'reconcile',
      how: 'link',
      by: 'Kari',
    })
  })

  test('E1: a pair of which one record is set apart from a third is linked', () => {
    const pair = pairOf({}, {}, null, { match: byEmail, rows: [{ ...apartRow, shopId: 'c-8' }] })
    expect(decide(pair)).toMatchObject({ kind: 'reconcile', how: 'link' })
  })
})

describe('a person’s wishes', () => {
  const link = { wish: { kind: 'link', by: 'Kari' } } as const
  const unlink = { wish: { kind: 'unlink', by: 'Kari', shopId: 'c-7' } } as const

  test('a record that is linked elsewhere stays where it is until it is unlinked', () => {
    expect(decide({ ...pairOf({}, {}, null), rows: [linkedRow({}, { shopId: 'c-9' })] }, link)).toEqual(dropped)
    expect(decide({ ...pairOf({}, {}, null), rows: [linkedRow({}, { erpId: '99' })] }, link)).toEqual(dropped)
  })

  test('unlinking names both records: a record that is linked with another one stays linked', () => {
    const other = { wish: { kind: 'unlink', by: 'Kari', shopId: 'c-9' } } as const
    expect(decide(pairOf({}, {}, {}), other)).toEqual(dropped)
  })

  test('linking a pair that is linked already decides it like any look', () => {
    expect(decide(pairOf({}, {}, {}), link)).toEqual(unchanged)
  })

  test('a link by hand whose webshop record is not there creates nothing', () => {
    expect(decide({ ...pairOf({}, {}, null), shop: missing('shop') }, link)).toEqual(dropped)
    expect(decide({ ...pairOf({}, {}, null), erp: missing('erp') }, link)).toEqual(dropped)
  })

  test('a link by hand with a record that cannot be read lists that record', () => {
    const listed = { reason: 'unreadable', seen: 'raw', label: '', detail: 'email: is a number' } as const
    expect(decide({ ...pairOf({}, {}, null), shop: unreadable('shop') }, link)).toEqual(park('shop', listed))
    expect(decide({ ...pairOf({}, {}, null), erp: unreadable('erp') }, link)).toEqual(park('erp', listed))
  })

  test('unlink takes the row out and sets the two apart, with who said so and when', () => {
    expect(decide(pairOf({ name: 'A' }, {}, {}), unlink)).toEqual({
      kind: 'forget',
      erpId: '12',
      shopId: 'c-7',
      apart: { by: 'Kari', at: context.nowMs },
      rows: [linkedRow()],
    })
  })

  test('unlinking twice is unlinking once', () => {
    expect(decide(alone(present('erp'), [apartRow, seenRow('erp', { reason: 'excluded' })]), unlink)).toEqual(unchanged)
    expect(decide(alone(present('erp')), unlink)).toEqual(dropped)
  })
})

describe('one record without a counterpart', () => {
  const retry = { wish: { kind: 'retry', by: 'Kari' } } as const

  test.each([
    ['erp', 'shop'],
    ['shop', 'erp'],
  ] as const)('a new record of side %s is created on side %s', (from, on) => {
    expect(decide(alone(present(from)))).toEqual({ kind: 'create', on, from: reading(from), rows: [] })
  })

  test('E18: a create whose outcome is not known is decided again, with its row', () => {
    expect(decide(alone(present('shop'), [creatingRow('shop')]))).toEqual({
      kind: 'create',
      on: 'erp',
      from: reading('shop'),
      rows: [creatingRow('shop')],
    })
  })

  test('rule 4c: a record out of scope is kept quietly, and nothing is put again while it stays so', () => {
    const guest = present('shop', {}, { outOfScope: 'guest' })
    expect(decide(alone(guest))).toEqual(park('shop', { reason: 'outOfScope' }))
    expect(decide(alone(guest, [seenRow('shop', { reason: 'outOfScope' })]))).toEqual(outOfScope)
    expect(decide(alone(guest, [seenRow('shop', { reason: 'outOfScope', seen: 'else' })]))).toMatchObject({
      kind: 'park',
    })
  })

  test('rule 4a: an inactive record is not created on the other side until it becomes active', () => {
    const dormant = present('shop', {}, { dormant: true })
    const row = seenRow('shop', { reason: 'dormant' })
    expect(decide(alone(dormant))).toEqual(park('shop', { reason: 'dormant' }))
    expect(decide(alone(dormant, [row]))).toEqual(outOfScope)
    expect(decide(alone(present('shop', { name: 'A' }), [row]))).toMatchObject({ kind: 'create', on: 'erp' })
  })

  test('rule 4d: a direction without creation keeps the record quietly', () => {
    const oneWay: FlowDefinition = { ...sampleFlow, creation: { erp: 'never', shop: 'always' } }
    expect(decide(alone(present('shop')), {}, oneWay)).toEqual(park('shop', { reason: 'outOfScope' }))
    expect(decide(alone(present('erp')), {}, oneWay)).toMatchObject({ kind: 'create', on: 'shop' })
  })

  test('rule 4d: when-referenced creates once another flow waits for the record, or a person asks', () => {
    const quiet: FlowDefinition = { ...sampleFlow, creation: { erp: 'when-referenced', shop: 'always' } }
    const row = seenRow('shop', { reason: 'outOfScope' })
    expect(decide(alone(present('shop')), {}, quiet)).toEqual(park('shop', { reason: 'outOfScope' }))
    expect(decide(alone(present('shop'), [row]), {}, quiet)).toEqual(outOfScope)
    const made = { kind: 'create', on: 'erp' }
    expect(decide(alone(present('shop'), [row]), { isWaitedFor: true }, quiet)).toMatchObject(made)
    expect(decide(alone(present('shop')), { wish: { kind: 'create', by: 'Kari' } }, quiet)).toMatchObject(made)
    expect(decide(alone(present('erp')), {}, quiet)).toMatchObject({ kind: 'create', on: 'shop' })
  })

  test('rule 1: an ambiguous record is listed and not created', () => {
    expect(decide(alone(present('shop'), [], ambiguous))).toEqual(
      park('shop', {
        reason: 'ambiguous',
        others: ['erp:12', 'erp:13'],
        detail: ambiguous.kind === 'ambiguous' ? ambiguous.why : '',
      }),
    )
  })

  test('E1: a refused record is tried again when it changed or somebody asks, not because it was looked at', () => {
    const row = seenRow('shop', { reason: 'refused' })
    expect(decide(alone(present('shop'), [row]))).toEqual(dropped)
    expect(decide(alone(present('shop', { name: 'A' }), [row]))).toMatchObject({ kind: 'create', on: 'erp' })
    expect(decide(alone(present('shop'), [row]), retry)).toMatchObject({ kind: 'create', on: 'erp' })
  })

  test('E1: an unlinked record is left alone, edited or not, until somebody asks', () => {
    const row = seenRow('erp', { reason: 'excluded' })
    expect(decide(alone(present('erp'), [row]))).toEqual(dropped)
    expect(decide(alone(present('erp', { name: 'A' }), [row]))).toEqual(
      park('erp', {
        reason: 'excluded',
        seen: seenOf({ name: 'A' }),
        detail:
          'It was unlinked by hand; nothing is done with it until somebody links it or asks for a new counterpart.',
        rows: [row],
      }),
    )
    expect(decide(alone(present('erp'), [row]), retry)).toMatchObject({ kind: 'create', on: 'shop' })
  })

  test('E1: the counterpart of a deleted record is not created again, edited or not, unless somebody asks', () => {
    expect(decide(alone(present('erp'), [goneRow()]))).toEqual(unchanged)
    expect(decide(alone(present('erp', { name: 'A' }), [goneRow()]))).toEqual(
      park('erp', { reason: 'ignored', seen: seenOf({ name: 'A' }), rows: [goneRow()] }),
    )
    expect(decide(alone(present('erp'), [goneRow()]), retry)).toMatchObject({
      kind: 'create',
      on: 'shop',
      rows: [goneRow()],
    })
  })

  test('rule 13: a record that came back to find its archived counterpart deleted gets no new one', () => {
    const row = goneRow({ gone: 'erp', wasDormant: true })
    expect(decide(alone(present('erp', { name: 'A' }), [row]))).toMatchObject({ kind: 'park', reason: 'ignored' })
    expect(decide(alone(present('shop', { name: 'A' }), [row]))).toMatchObject({ kind: 'create', on: 'erp' })
  })

  test('a record that cannot be read is listed with path and problem', () => {
    expect(decide(alone(unreadable('shop')))).toEqual(
      park('shop', { reason: 'unreadable', seen: 'raw', label: '', detail: 'email: is a number' }),
    )
  })

  test('a record that disappeared before anything came of it is forgotten with its rows', () => {
    const row = seenRow('shop')
    expect(decide(alone(missing('shop', true), [row]))).toEqual({
      kind: 'forget',
      erpId: null,
      shopId: 'c-7',
      apart: null,
      rows: [row],
    })
    expect(decide(alone(missing('erp')))).toEqual({ kind: 'forget', erpId: '12', shopId: null, apart: null, rows: [] })
  })

  test('rule 13: a deleted record that a list still shows, and that is not there, keeps its grave', () => {
    for (const state of [missing('erp'), missing('shop', true)])
      expect(decide(alone(state, [goneRow({ gone: 'erp' }), apartRow]))).toEqual(unchanged)
    expect(decide(alone(missing('shop'), [goneRow({ gone: 'erp' }), creatingRow('shop')]))).toMatchObject({
      kind: 'forget',
      apart: null,
    })
  })

  test('nothing known on either side is nothing to do', () => {
    expect(decide(alone(absent))).toEqual(dropped)
  })
})

describe('the whole table: every state of both sides, every row, every match, every wish', () => {
  const states = (side: Side): SideState[] => [
    absent,
    missing(side),
    missing(side, true),
    unreadable(side),
    present(side),
    present(side, { name: 'A' }),
    present(side, { name: 'B' }, { dormant: true }),
    present(side, {}, { outOfScope: 'guest' }),
  ]
  const rowSets: Row[][] = [
    [],
    [linkedRow()],
    [linkedRow({}, { shopId: 'c-9' })],
    [linkedRow(), apartRow, seenRow('erp', { reason: 'excluded' })],
    [linkedRow(), goneRow({ erpId: '11' })],
    [seenRow('erp')],
    [seenRow('shop')],
    [seenRow('erp', { reason: 'excluded' }), seenRow('shop', { reason: 'excluded' }), apartRow],
    [seenRow('erp', { reason: 'ambiguous', others: ['shop:c-8'] })],
    [creatingRow('erp')],
    [creatingRow('shop')],
    [goneRow()],
    [goneRow({ erpId: null })],
    [apartRow],
  ]
  const matches: Match[] = [{ kind: 'notAsked' }, none, byEmail, { kind: 'matched', by: 'reference' }, ambiguous]
  const wishes: DecideContext['wish'][] = [
    { kind: 'none' },
    { kind: 'unlink', by: 'Kari', shopId: 'c-7' },
    ...(['link', 'retry', 'approveDelete'] as const).map((kind) => ({ kind, by: 'Kari' })),
  ]

  interface Cell {
    readonly pair: Pair
    readonly wish: DecideContext['wish']
    readonly verdict: Verdict
  }

  const cells: Cell[] = []
  for (const erp of states('erp'))
    for (const shop of states('shop'))
      for (const rows of rowSets)
        for (const match of matches)
          for (const wish of wishes) {
            const pair: Pair = { erp, shop, rows, match, differs: differsFor(erp, shop) }
            cells.push({ pair, wish, verdict: decide(pair, { wish }) })
          }

  function differsFor(erp: SideState, shop: SideState): string {
    const shown = (state: SideState): Values =>
      state.kind === 'present' ? { name: state.reading.seen.split('.')[1] } : {}
    return erp.kind === 'present' && shop.kind === 'present' ? differsOf(shown(erp), shown(shop)) : ''
  }

  const created = cells.filter(({ verdict }) => verdict.kind === 'create')
  const places = (wanted: (cell: Cell) => boolean): string[] =>
    created
      .filter(wanted)
      .map(
        ({ pair, wish }) =>
          `${pair.erp.kind}/${pair.shop.kind} ${pair.rows.map((row) => row.kind)} ${pair.match.kind} ${wish.kind}`,
      )

  test('every cell has a verdict of a known kind, and creates are among them', () => {
    expect(cells).toHaveLength(8 * 8 * rowSets.length * matches.length * wishes.length)
    expect([...new Set(cells.map(({ verdict }) => verdict.kind))].sort()).toEqual([
      'create',
      'forget',
      'nothing',
      'park',
      'reconcile',
      'retire',
    ])
    expect(created.length).toBeGreaterThan(100)
  })

  test('nothing is created for a record that has a link', () => {
    expect(places(({ pair }) => pair.rows.some((row) => row.kind === 'linked'))).toEqual([])
  })

  test('nothing is created while the other side of the pair is known, in whatever state', () => {
    expect(places(({ pair }) => pair.erp.kind !== 'absent' && pair.shop.kind !== 'absent')).toEqual([])
  })

  test('E1: nothing is created for a deleted or unlinked record unless somebody asks', () => {
    const keptAway = ({ pair }: Cell): boolean =>
      pair.rows.some((row) => row.kind === 'gone' || (row.kind === 'seen' && row.reason === 'excluded'))
    expect(places((cell) => keptAway(cell) && cell.wish.kind !== 'retry')).toEqual([])
    expect(places((cell) => keptAway(cell) && cell.wish.kind === 'retry').length).toBeGreaterThan(0)
  })

  test('rule 1: nothing is created or linked for an ambiguous record unless a person says so', () => {
    expect(places(({ pair }) => pair.match.kind === 'ambiguous')).toEqual([])
    const linked = cells.filter(
      ({ pair, verdict, wish }) =>
        pair.match.kind === 'ambiguous' &&
        verdict.kind === 'reconcile' &&
        verdict.how !== 'update' &&
        verdict.how !== 'remember' &&
        wish.kind !== 'link',
    )
    expect(linked).toEqual([])
  })

  test('rule 13: the webshop’s record is archived only on approval of a deletion that PowerOffice shows', () => {
    const archived = cells.flatMap(({ pair, verdict, wish }) =>
      verdict.kind === 'retire' && verdict.archive ? [`${pair.erp.kind}/${pair.shop.kind} ${wish.kind}`] : [],
    )
    expect([...new Set(archived)]).toEqual(['missing/present approveDelete'])
  })

  test('E5: whatever changes the memory carries every row that it rests on', () => {
    const without = cells.filter(({ pair, verdict }) => verdict.kind !== 'nothing' && verdict.rows !== pair.rows)
    expect(without).toEqual([])
  })
})
