import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EMPTY_HASH, NO_HASH } from '../flows/field-hashes.ts'
import type { ConflictRule, Direction, FieldDefinition } from '../flows/flow-definition.ts'
import { otherSide, type Side } from '../flows/side.ts'
import { type FieldDecision, type FieldSide, type MergeContext, mergeField } from '../workflows/decide/merge-field.ts'

// Few values on purpose: equality is the subject, and two random hashes are almost never equal.
const filled = fc.constantFrom('aaaa', 'bbbb', 'cccc')
const hash = fc.oneof(filled, fc.constant(EMPTY_HASH))
const directions: readonly Direction[] = ['both', 'toShop', 'toErp', 'atCreation']
const conflictRules: readonly ConflictRule[] = ['latest', 'erp', 'shop', 'ask', 'byLock']
const later = fc.constantFrom<Side>('erp', 'shop')

function fieldOf(direction: Direction, conflict: ConflictRule, rest: Partial<FieldDefinition> = {}): FieldDefinition {
  const where = { path: 'City' }
  return {
    number: 1,
    name: 'city',
    type: 'string',
    canonicalVersion: 1,
    erp: where,
    shop: where,
    direction,
    conflict,
    ...rest,
  }
}

function contextOf(rest: Partial<MergeContext> = {}): MergeContext {
  return { later: () => 'unclear', firstAgreement: 'erp', isLocked: false, revertedLately: false, ...rest }
}

interface Sample {
  readonly erp: FieldSide
  readonly shop: FieldSide
  readonly differs: boolean
}

function sample(erpBase: string, erpNow: string, shopBase: string, shopNow: string): Sample {
  return { erp: { base: erpBase, now: erpNow }, shop: { base: shopBase, now: shopNow }, differs: erpNow !== shopNow }
}

const anyField = fc
  .record({
    direction: fc.constantFrom(...directions),
    conflict: fc.constantFrom(...conflictRules),
    receivingEdit: fc.constantFrom<'restore' | 'leave'>('restore', 'leave'),
  })
  .map(({ direction, conflict, receivingEdit }) => fieldOf(direction, conflict, { receivingEdit }))
/** Fields that say nothing of some differences: what differs there is nobody's lost edit. */
const anyQuietField = fc
  .record({
    direction: fc.constantFrom(...directions),
    conflict: fc.constantFrom(...conflictRules),
    ownerEmpty: fc.constant<'keep'>('keep'),
    settled: fc.constant<'ignored'>('ignored'),
  })
  .map(({ direction, conflict, ...rest }) => fieldOf(direction, conflict, rest))
const anyBase = fc.oneof(hash, fc.constant(NO_HASH))
const anySample = fc
  .record({ erpBase: anyBase, shopBase: anyBase, erpNow: hash, shopNow: hash })
  .map(({ erpBase, erpNow, shopBase, shopNow }) => sample(erpBase, erpNow, shopBase, shopNow))
const anyContext = fc
  .record({
    later: fc.constantFrom<Side | 'unclear'>('erp', 'shop', 'unclear'),
    firstAgreement: fc.constantFrom<MergeContext['firstAgreement']>('erp', 'shop', 'latest', 'ask'),
    isLocked: fc.boolean(),
    revertedLately: fc.boolean(),
  })
  .map(({ later: answer, ...rest }) => contextOf({ later: () => answer, ...rest }))

describe('laws of every field', () => {
  test('rule 6: a field in which the sides do not differ is never written, whatever was agreed before', () => {
    fc.assert(
      fc.property(fc.oneof(anyField, anyQuietField), anySample, anyContext, (field, sides, context) => {
        expect(mergeField(field, { ...sides, differs: false }, context)).toEqual({ kind: 'keep' })
      }),
    )
  })

  test('rule 3: two different edits of one field are never settled silently: what is written or left has a note', () => {
    fc.assert(
      fc.property(anyField, filled, hash, hash, anyContext, (field, base, erpNow, shopNow, context) => {
        fc.pre(erpNow !== base && shopNow !== base && erpNow !== shopNow)
        const decision = mergeField(field, sample(base, erpNow, base, shopNow), context)
        expect(decision).toMatchObject({ note: { kind: expect.stringMatching(/^(conflict|asks)$/) } })
      }),
    )
  })

  test('rule 2: two filled values that were never agreed on are settled with a word, but where one side owns the field', () => {
    fc.assert(
      fc.property(anyField, filled, filled, anyContext, (field, erpNow, shopNow, context) => {
        fc.pre(erpNow !== shopNow)
        const decision = mergeField(field, sample(NO_HASH, erpNow, NO_HASH, shopNow), context)
        const isOwned = field.direction === 'toShop' || field.direction === 'toErp'
        const isSilent = decision.kind === 'keep' || decision.note === undefined
        expect(isSilent).toBe(isOwned && field.conflict !== 'ask')
      }),
    )
  })

  test('what is left of two filled values is asked of a person', () => {
    fc.assert(
      fc.property(anyField, filled, filled, anyContext, (field, erpNow, shopNow, context) => {
        fc.pre(erpNow !== shopNow)
        const decision = mergeField(field, sample(NO_HASH, erpNow, NO_HASH, shopNow), context)
        expect(decision.kind).not.toBe('keep')
        expect(decision.kind === 'leave' && decision.note?.kind !== 'asks').toBe(false)
      }),
    )
  })

  test('where the owner has nothing to say and the receiving side keeps its own, nothing is written or said', () => {
    const oneWayFields = anyQuietField.filter((field) => field.direction === 'toShop' || field.direction === 'toErp')
    fc.assert(
      fc.property(oneWayFields, anySample, anyContext, (field, sides, context) => {
        const owner = field.direction === 'toShop' ? 'erp' : 'shop'
        const empty = { ...sides, [owner]: { ...sides[owner], now: EMPTY_HASH } }
        expect(mergeField(field, empty, context)).toEqual({ kind: 'keep' })
      }),
    )
  })

  test('a difference after creation that is nobody’s business is agreed, whatever it is', () => {
    fc.assert(
      fc.property(fc.constantFrom(...conflictRules), anySample, anyContext, (conflict, sides, context) => {
        expect(mergeField(fieldOf('atCreation', conflict, { settled: 'ignored' }), sides, context)).toEqual({
          kind: 'keep',
        })
      }),
    )
  })

  test('a note that names a winner never accompanies a write over that winner', () => {
    fc.assert(
      fc.property(anyField, anySample, anyContext, (field, sides, context) => {
        const decision = mergeField(field, sides, context)
        const written = decision.kind === 'write' ? decision.to : null
        const winner = decision.kind === 'write' ? (decision.note?.winner ?? null) : null
        expect(winner === null || winner !== written).toBe(true)
      }),
    )
  })

  test('E21: a one-way field is never written on the side that it comes from', () => {
    fc.assert(
      fc.property(fc.constantFrom<Direction>('toShop', 'toErp'), anySample, anyContext, (direction, sides, context) => {
        const decision = mergeField(fieldOf(direction, 'latest'), sides, context)
        const owner: Side = direction === 'toShop' ? 'erp' : 'shop'
        expect(decision).not.toMatchObject({ to: owner })
      }),
    )
  })

  test('a field that is set at creation is never written afterwards', () => {
    fc.assert(
      fc.property(fc.constantFrom(...conflictRules), anySample, anyContext, (conflict, sides, context) => {
        expect(mergeField(fieldOf('atCreation', conflict), sides, context).kind).not.toBe('write')
      }),
    )
  })

  test('swapping the sides swaps the answer', () => {
    const swappedDirection: Record<Direction, Direction> = {
      both: 'both',
      toShop: 'toErp',
      toErp: 'toShop',
      atCreation: 'atCreation',
    }
    const swappedRule: Record<ConflictRule, ConflictRule> = {
      latest: 'latest',
      ask: 'ask',
      erp: 'shop',
      shop: 'erp',
      byLock: 'byLock',
    }
    fc.assert(
      fc.property(
        anyField,
        anySample,
        later,
        later,
        fc.boolean(),
        fc.boolean(),
        (field, sides, laterSide, firstAgreement, revertedLately, isLocked) => {
          const mirrored = {
            ...field,
            direction: swappedDirection[field.direction],
            conflict: swappedRule[field.conflict],
          }
          const there = mergeField(
            field,
            sides,
            contextOf({ later: () => laterSide, firstAgreement, revertedLately, isLocked }),
          )
          const back = mergeField(
            mirrored,
            { erp: sides.shop, shop: sides.erp, differs: sides.differs },
            contextOf({
              later: () => otherSide(laterSide),
              firstAgreement: otherSide(firstAgreement),
              revertedLately,
              // Only PowerOffice locks; seen in a mirror, its lock is the webshop's freedom.
              isLocked: !isLocked,
            }),
          )
          expect(withoutDetail(back)).toEqual(withoutDetail(swapped(there)))
        },
      ),
    )
  })

  test('E2: a base that both sides still show, each in its own form, is left alone', () => {
    fc.assert(
      fc.property(anyField, hash, hash, anyContext, (field, erpForm, shopForm, context) => {
        fc.pre(erpForm !== shopForm)
        expect(mergeField(field, sample(erpForm, erpForm, shopForm, shopForm), context)).toEqual({ kind: 'keep' })
      }),
    )
  })
})

/** The words of a lock name its side. */
function withoutDetail(decision: FieldDecision): FieldDecision {
  if (decision.kind === 'keep' || !decision.note) return decision
  const { detail: _detail, ...note } = decision.note
  return { ...decision, note }
}

function swapped(decision: FieldDecision): FieldDecision {
  if (decision.kind === 'keep') return decision
  const winner = decision.note?.winner
  const note = decision.note && winner ? { note: { ...decision.note, winner: otherSide(winner) } } : {}
  return decision.kind === 'write' ? { ...decision, to: otherSide(decision.to), ...note } : { ...decision, ...note }
}

describe('after the link', () => {
  test('rule 3: a change on one side only is carried to the other side, clearing included', () => {
    fc.assert(
      fc.property(fc.constantFrom(...conflictRules), filled, hash, anyContext, (conflict, base, changed, context) => {
        fc.pre(base !== changed)
        const field = fieldOf('both', conflict)
        expect(mergeField(field, sample(base, changed, base, base), context)).toEqual({ kind: 'write', to: 'shop' })
        expect(mergeField(field, sample(base, base, base, changed), context)).toEqual({ kind: 'write', to: 'erp' })
      }),
    )
  })

  test('rule 3: a value given to a field that was empty on both sides is carried over', () => {
    expect(
      mergeField(fieldOf('both', 'latest'), sample(EMPTY_HASH, EMPTY_HASH, EMPTY_HASH, 'aaaa'), contextOf()),
    ).toEqual({
      kind: 'write',
      to: 'erp',
    })
  })

  test('E2: an edit of a field that one side had rewritten is told from the rewritten form, so that it travels once', () => {
    const field = fieldOf('both', 'latest')
    expect(mergeField(field, sample('aaaa', 'aaaa', 'bbbb', 'cccc'), contextOf())).toEqual({ kind: 'write', to: 'erp' })
    expect(mergeField(field, sample('aaaa', 'cccc', 'bbbb', 'bbbb'), contextOf())).toEqual({
      kind: 'write',
      to: 'shop',
    })
  })

  test('rule 5: of two edits under latest the later one is kept, and the note says so', () => {
    const decide = (side: Side) =>
      mergeField(fieldOf('both', 'latest'), sample('aaaa', 'bbbb', 'aaaa', 'cccc'), contextOf({ later: () => side }))
    const note = { kind: 'conflict', detail: 'the later edit won' }
    expect(decide('erp')).toEqual({ kind: 'write', to: 'shop', note: { ...note, winner: 'erp' } })
    expect(decide('shop')).toEqual({ kind: 'write', to: 'erp', note: { ...note, winner: 'shop' } })
  })

  test('rule 5: of two edits too close to tell PowerOffice wins, and the note says why', () => {
    expect(mergeField(fieldOf('both', 'latest'), sample('aaaa', 'bbbb', 'aaaa', 'cccc'), contextOf())).toEqual({
      kind: 'write',
      to: 'shop',
      note: {
        kind: 'conflict',
        winner: 'erp',
        detail: 'the edits were too close to tell which was later, so PowerOffice won',
      },
    })
  })

  test('rule 5: times are asked for only when both sides changed the field', () => {
    const never = contextOf({
      later: () => {
        throw new Error('asked without need')
      },
    })
    const field = fieldOf('both', 'latest')
    const untouched = [
      mergeField(field, sample('aaaa', 'bbbb', 'aaaa', 'aaaa'), never),
      mergeField(field, sample('aaaa', 'aaaa', 'aaaa', 'bbbb'), never),
      mergeField(field, sample('aaaa', 'bbbb', 'aaaa', 'bbbb'), never),
      mergeField(field, sample(NO_HASH, 'bbbb', NO_HASH, 'aaaa'), never),
    ]
    expect(untouched.map(({ kind }) => kind)).toEqual(['write', 'write', 'keep', 'write'])
  })

  test.each([
    ['erp', 'shop'],
    ['shop', 'erp'],
  ] as const)('a conflict in a field that %s decides is written to %s with a note', (owner, to) => {
    expect(mergeField(fieldOf('both', owner), sample('aaaa', 'bbbb', 'aaaa', 'cccc'), contextOf())).toEqual({
      kind: 'write',
      to,
      note: { kind: 'conflict', winner: owner },
    })
  })

  test('a conflict that a person decides leaves both values standing and says what to do', () => {
    expect(mergeField(fieldOf('both', 'ask'), sample('aaaa', 'bbbb', 'aaaa', 'cccc'), contextOf())).toEqual({
      kind: 'leave',
      note: { kind: 'asks', detail: 'both sides changed it; edit one side to the value of the other' },
    })
  })

  test.each([
    [true, 'erp', 'shop', 'PowerOffice has locked the record, so its edit was kept'],
    [false, 'shop', 'erp', 'PowerOffice has not locked the record yet, so the webshop’s edit was kept'],
  ] as const)(
    'E22: of two edits of a line PowerOffice’s wins once the order is locked (%s)',
    (isLocked, winner, to, detail) => {
      const line = fieldOf('both', 'byLock')
      expect(mergeField(line, sample('aaaa', 'bbbb', 'aaaa', 'cccc'), contextOf({ isLocked }))).toEqual({
        kind: 'write',
        to,
        note: { kind: 'conflict', winner, detail },
      })
    },
  )

  test('E22: an edit of a line on one side only travels, locked or not: what a lock refuses is not decided here', () => {
    const line = fieldOf('both', 'byLock')
    for (const isLocked of [true, false]) {
      expect(mergeField(line, sample('aaaa', 'aaaa', 'aaaa', 'cccc'), contextOf({ isLocked }))).toEqual({
        kind: 'write',
        to: 'erp',
      })
    }
  })

  test('a field that is set at creation and edited later is listed with the way out', () => {
    const detail =
      'city is set when a record is created and is never converted; set it back on the side where it was changed, or unlink the pair'
    expect(mergeField(fieldOf('atCreation', 'ask'), sample('aaaa', 'bbbb', 'aaaa', 'aaaa'), contextOf())).toEqual({
      kind: 'leave',
      note: { kind: 'asks', detail },
    })
  })
})

describe('one-way fields', () => {
  const toShop = fieldOf('toShop', 'erp')
  const toErp = fieldOf('toErp', 'shop')

  test('an edit of the owner travels without a word', () => {
    expect(mergeField(toShop, sample('aaaa', 'bbbb', 'aaaa', 'aaaa'), contextOf())).toEqual({
      kind: 'write',
      to: 'shop',
    })
    expect(mergeField(toErp, sample('aaaa', 'aaaa', 'aaaa', 'bbbb'), contextOf())).toEqual({ kind: 'write', to: 'erp' })
  })

  test('rule 7: an edit on the receiving side is put back and counted as reverted', () => {
    expect(mergeField(toShop, sample('aaaa', 'aaaa', 'aaaa', 'bbbb'), contextOf())).toEqual({
      kind: 'write',
      to: 'shop',
      note: { kind: 'reverted', winner: 'erp' },
    })
    expect(mergeField(toErp, sample('aaaa', 'bbbb', 'aaaa', 'aaaa'), contextOf())).toEqual({
      kind: 'write',
      to: 'erp',
      note: { kind: 'reverted', winner: 'shop' },
    })
  })

  test('rule 7: a second edit on the receiving side within the hour is listed instead of put back', () => {
    expect(mergeField(toShop, sample('aaaa', 'aaaa', 'aaaa', 'bbbb'), contextOf({ revertedLately: true }))).toEqual({
      kind: 'leave',
      note: { kind: 'revertedTwice', winner: 'erp' },
    })
  })

  test('rule 7: the owner’s own edit travels even when the field was put back within the hour', () => {
    expect(mergeField(toShop, sample('aaaa', 'bbbb', 'aaaa', 'aaaa'), contextOf({ revertedLately: true }))).toEqual({
      kind: 'write',
      to: 'shop',
    })
  })

  test('E21: a field whose receiving edits are left stands until the owner’s value moves', () => {
    const stock = fieldOf('toShop', 'erp', { receivingEdit: 'leave' })
    expect(mergeField(stock, sample('aaaa', 'aaaa', 'aaaa', 'bbbb'), contextOf())).toEqual({ kind: 'leave' })
    expect(mergeField(stock, sample('aaaa', 'cccc', 'aaaa', 'bbbb'), contextOf())).toMatchObject({
      kind: 'write',
      to: 'shop',
    })
  })

  describe('whose receiving side keeps its own where the owner has nothing', () => {
    const toErp = fieldOf('toErp', 'shop', { ownerEmpty: 'keep' })

    test('the owner’s first value is written, and so is every later one', () => {
      expect(mergeField(toErp, sample('aaaa', 'aaaa', EMPTY_HASH, 'bbbb'), contextOf())).toEqual({
        kind: 'write',
        to: 'erp',
      })
      expect(mergeField(toErp, sample(NO_HASH, 'aaaa', NO_HASH, 'bbbb'), contextOf())).toEqual({
        kind: 'write',
        to: 'erp',
      })
    })

    test('a value that the owner takes away stays on the receiving side', () => {
      expect(mergeField(toErp, sample('aaaa', 'aaaa', 'aaaa', EMPTY_HASH), contextOf())).toEqual({ kind: 'keep' })
      expect(mergeField(fieldOf('toErp', 'shop'), sample('aaaa', 'aaaa', 'aaaa', EMPTY_HASH), contextOf())).toEqual({
        kind: 'write',
        to: 'erp',
      })
    })
  })

  test('an edit on the receiving side that meets an edit of the owner is written over with a note', () => {
    expect(mergeField(toShop, sample('aaaa', 'bbbb', 'aaaa', 'cccc'), contextOf())).toEqual({
      kind: 'write',
      to: 'shop',
      note: { kind: 'conflict', winner: 'erp' },
    })
  })
})

describe('first agreement', () => {
  const both = fieldOf('both', 'latest')

  test('rule 2: a filled value beats an empty one, whichever side has it', () => {
    expect(mergeField(both, sample(NO_HASH, 'aaaa', NO_HASH, EMPTY_HASH), contextOf())).toEqual({
      kind: 'write',
      to: 'shop',
    })
    expect(mergeField(both, sample(NO_HASH, EMPTY_HASH, NO_HASH, 'aaaa'), contextOf())).toEqual({
      kind: 'write',
      to: 'erp',
    })
  })

  test('rule 2: of two filled values the side named by the option wins, and the note says so', () => {
    const sides = sample(NO_HASH, 'aaaa', NO_HASH, 'bbbb')
    expect(mergeField(both, sides, contextOf())).toEqual({
      kind: 'write',
      to: 'shop',
      note: { kind: 'firstAgreement', winner: 'erp' },
    })
    expect(mergeField(both, sides, contextOf({ firstAgreement: 'shop' }))).toEqual({
      kind: 'write',
      to: 'erp',
      note: { kind: 'firstAgreement', winner: 'shop' },
    })
  })

  test('rule 2: in a one-way field the owner’s value is stated from the start, an empty one too', () => {
    const toShop = fieldOf('toShop', 'erp')
    expect(mergeField(toShop, sample(NO_HASH, 'aaaa', NO_HASH, 'bbbb'), contextOf({ firstAgreement: 'shop' }))).toEqual(
      {
        kind: 'write',
        to: 'shop',
      },
    )
    expect(mergeField(toShop, sample(NO_HASH, EMPTY_HASH, NO_HASH, 'bbbb'), contextOf())).toEqual({
      kind: 'write',
      to: 'shop',
    })
  })

  test('rule 2: by the option latest the later value wins, PowerOffice’s where that cannot be told', () => {
    const sides = sample(NO_HASH, 'aaaa', NO_HASH, 'bbbb')
    const decide = (side: Side | 'unclear') =>
      mergeField(both, sides, contextOf({ firstAgreement: 'latest', later: () => side }))
    const note = { kind: 'firstAgreement', detail: 'the later edit won' }
    expect(decide('shop')).toEqual({ kind: 'write', to: 'erp', note: { ...note, winner: 'shop' } })
    expect(decide('erp')).toEqual({ kind: 'write', to: 'shop', note: { ...note, winner: 'erp' } })
    expect(decide('unclear')).toMatchObject({ to: 'shop', note: { winner: 'erp' } })
  })

  test('rule 2: by the option ask two filled values stand until a person looks, and a filled one still beats an empty one', () => {
    const asks = contextOf({ firstAgreement: 'ask' })
    expect(mergeField(both, sample(NO_HASH, 'aaaa', NO_HASH, 'bbbb'), asks)).toEqual({
      kind: 'leave',
      note: {
        kind: 'asks',
        detail: 'the two sides had different values when they were linked; edit one side to the value of the other',
      },
    })
    expect(mergeField(both, sample(NO_HASH, 'aaaa', NO_HASH, EMPTY_HASH), asks)).toEqual({ kind: 'write', to: 'shop' })
  })

  test('a VAT rate of the shop that differs from PowerOffice’s stands and is asked about; a shop without one is told', () => {
    const rate = fieldOf('toShop', 'ask')
    expect(mergeField(rate, sample(NO_HASH, 'aaaa', NO_HASH, 'bbbb'), contextOf())).toMatchObject({
      kind: 'leave',
      note: { kind: 'asks' },
    })
    expect(mergeField(rate, sample(NO_HASH, 'aaaa', NO_HASH, EMPTY_HASH), contextOf())).toEqual({
      kind: 'write',
      to: 'shop',
    })
    expect(mergeField(rate, sample('aaaa', 'bbbb', 'aaaa', 'aaaa'), contextOf())).toEqual({ kind: 'write', to: 'shop' })
  })

  test('records that differ in what is set at creation are linked, and the difference is listed', () => {
    expect(
      mergeField(fieldOf('atCreation', 'ask'), sample(NO_HASH, 'aaaa', NO_HASH, 'bbbb'), contextOf()),
    ).toMatchObject({
      kind: 'leave',
      note: { kind: 'asks' },
    })
  })

  test('E3: a base that one side does not have is no base: the field follows first agreement', () => {
    const note = { kind: 'firstAgreement', winner: 'erp' }
    expect(mergeField(both, sample('aaaa', 'aaaa', NO_HASH, 'bbbb'), contextOf())).toEqual({
      kind: 'write',
      to: 'shop',
      note,
    })
    expect(mergeField(both, sample(NO_HASH, 'aaaa', 'bbbb', 'bbbb'), contextOf())).toEqual({
      kind: 'write',
      to: 'shop',
      note,
    })
  })

  test('E2: values that differ under equal hashes have collided, so the base says nothing', () => {
    const collided = { ...sample('aaaa', 'aaaa', 'aaaa', 'aaaa'), differs: true }
    expect(mergeField(both, collided, contextOf())).toEqual({
      kind: 'write',
      to: 'shop',
      note: { kind: 'firstAgreement', winner: 'erp' },
    })
    expect(mergeField(fieldOf('toErp', 'shop'), collided, contextOf())).toEqual({ kind: 'write', to: 'erp' })
  })
})
