import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { linkedRowAfter } from '../activities/upsert/linked-row.ts'
import type { ItemReading } from '../flows/reading.ts'
import type { ItemLink, LinkedRow } from '../flows/row.ts'
import type { Side } from '../flows/side.ts'
import { decidePair } from '../workflows/decide/decide-pair.ts'
import { pairItems } from '../workflows/decide/pair-items.ts'
import { context, differsOf, linkedRow, reading, sampleFlow, type Values, valueIn } from './support/pair-samples.ts'

/** Fields that travel both ways without asking anybody. */
const travelling = ['name', 'orgNo', 'remark'] as const
const value = fc.constantFrom('a ', 'A', 'bcd', 'b', ' ', 'c')
const edit = fc.record({ field: fc.constantFrom(...travelling), value })
const edits = fc.array(edit, { maxLength: 3 })
type Edit = { readonly field: (typeof travelling)[number]; readonly value: string }

/** What a system makes of a value that it is given over its interface. */
const rewritings: Readonly<Record<string, (value: string) => string>> = {
  keeps: (text) => text,
  trims: (text) => text.trim() || 'empty',
  capitals: (text) => text.toUpperCase(),
  cuts: (text) => text.slice(0, 1),
  // Not even what it shows itself comes back as it was.
  appends: (text) => `${text.slice(0, 1)}!`,
}
const rewriting = fc.constantFrom(...Object.keys(rewritings))

/** A linked pair between two systems, decided and applied by the engine's own pure parts until nothing is left to do. */
function openPair(makes: Readonly<Record<Side, string>> = { erp: 'keeps', shop: 'keeps' }) {
  const shown: Record<Side, Values> = { erp: {}, shop: {} }
  let row: LinkedRow = linkedRow()

  const write = (side: Side, fields: readonly string[], from: Values): void => {
    const rewrite = rewritings[makes[side]] as (text: string) => string
    for (const name of fields) {
      const text = valueIn(from, name)
      shown[side] = { ...shown[side], [name]: typeof text === 'string' ? rewrite(text) : text }
    }
  }

  return {
    shown,
    apply: (side: Side, made: readonly Edit[]): void => {
      for (const { field, value: text } of made) shown[side] = { ...shown[side], [field]: text }
    },
    /** @returns how many rounds wrote something; more than `most` are not waited for */
    settle: (most = 5): number => {
      for (let rounds = 0; rounds <= most; rounds++) {
        const { erp, shop } = shown
        const pair = {
          erp: { kind: 'present' as const, reading: reading('erp', erp) },
          shop: { kind: 'present' as const, reading: reading('shop', shop) },
          rows: [row],
          match: { kind: 'notAsked' as const },
          differs: differsOf(erp, shop),
        }
        const decision = decidePair(sampleFlow, pair, context)
        if (decision.kind === 'nothing') return rounds
        if (decision.kind !== 'reconcile') throw new Error(`a linked pair came to ${decision.kind}`)
        write('erp', decision.writeErp, shop)
        write('shop', decision.writeShop, erp)
        const after = { erp: reading('erp', shown.erp), shop: reading('shop', shown.shop) }
        const rest = { withheld: new Set<string>(), wroteErp: false, wroteShop: false, flags: '', pointer: '1.6' }
        row = linkedRowAfter(sampleFlow, decision, row, { ...after, ...rest }).row
        if (decision.writeErp.length + decision.writeShop.length === 0) return rounds
      }
      return most + 1
    },
  }
}

describe('laws of a linked pair', () => {
  test('deciding ends, whatever either system makes of what it is given, and deciding again does nothing', () => {
    fc.assert(
      fc.property(rewriting, rewriting, edits, edits, (erp, shop, erpEdits, shopEdits) => {
        const pair = openPair({ erp, shop })
        pair.apply('erp', erpEdits)
        pair.apply('shop', shopEdits)
        expect(pair.settle()).toBeLessThanOrEqual(1)
        expect(pair.settle()).toBe(0)
      }),
    )
  })

  test('edits of different fields come to the same in whatever order they are made and carried over, and all survive', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...travelling], { minLength: 2 }), value, value, ([first, second], a, b) => {
        if (first === undefined || second === undefined) throw new Error('two fields are needed')
        const erpEdit = [{ field: first, value: a }]
        const shopEdit = [{ field: second, value: b }]
        const atOnce = openPair()
        atOnce.apply('erp', erpEdit)
        atOnce.apply('shop', shopEdit)
        atOnce.settle()
        const oneByOne = openPair()
        oneByOne.apply('erp', erpEdit)
        oneByOne.settle()
        oneByOne.apply('shop', shopEdit)
        oneByOne.settle()
        const other = openPair()
        other.apply('shop', shopEdit)
        other.settle()
        other.apply('erp', erpEdit)
        other.settle()
        const wanted = { [first]: a, [second]: b }
        for (const { shown } of [atOnce, oneByOne, other]) expect(shown).toEqual({ erp: wanted, shop: wanted })
      }),
    )
  })

  test('of edits that follow each other, on whichever sides, each field shows the last one on both', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom<Side>('erp', 'shop'), edit), { maxLength: 6 }), (made) => {
        const pair = openPair()
        const last: Record<string, string> = {}
        for (const [side, one] of made) {
          pair.apply(side, [one])
          pair.settle()
          last[one.field] = one.value
        }
        expect(pair.shown.erp).toEqual(last)
        expect(pair.shown.shop).toEqual(last)
      }),
    )
  })
})

describe('laws of two lists’ pairing', () => {
  const ids = fc.uniqueArray(fc.constantFrom('1', '2', '3', '4', '5'), { maxLength: 5 })
  const item = (id: string, seen: string, reference: string | null): ItemReading => ({
    id,
    hashes: 'AAAA',
    seen,
    reference,
  })
  const erpItems = ids.chain((own) =>
    fc.tuple(
      ...own.map((id) =>
        fc
          .tuple(fc.constantFrom('x', 'y'), fc.option(fc.constantFrom('s1', 's2', 's9')))
          .map(([seen, reference]) => item(`e${id}`, seen, reference)),
      ),
    ),
  )
  const shopItems = ids.chain((own) =>
    fc.tuple(...own.map((id) => fc.constantFrom('x', 'y').map((seen) => item(`s${id}`, seen, null)))),
  )
  const links = fc.tuple(ids, ids).map(([erp, shop]): ItemLink[] =>
    erp.map((id, index) => ({
      erpId: `e${id}`,
      shopId: shop[index] === undefined ? '' : `s${shop[index]}`,
      base: '',
      shopBase: '',
    })),
  )

  test('every item of either list is in exactly one group, whatever the memory and the references say', () => {
    fc.assert(
      fc.property(erpItems, shopItems, links, fc.boolean(), (erp, shop, known, areAlike) => {
        const found = pairItems(erp, shop, known, { byPlace: () => areAlike })
        const inErp = [
          ...found.pairs.map((pair) => pair.erp),
          ...found.shopGone.map((gone) => gone.erp),
          ...found.erpOnly,
          ...found.uncertain,
        ]
        const inShop = [
          ...found.pairs.map((pair) => pair.shop),
          ...found.erpGone.map((gone) => gone.shop),
          ...found.shopOnly,
        ]
        const idsOf = (items: readonly ItemReading[]): string[] => items.map(({ id }) => id).sort()
        expect([idsOf(inErp), idsOf(inShop)]).toEqual([idsOf(erp), idsOf(shop)])
      }),
    )
  })

  test('two items that the memory links stay together, whatever they show or refer to', () => {
    fc.assert(
      fc.property(erpItems, shopItems, links, (erp, shop, known) => {
        const { pairs } = pairItems(erp, shop, known, { byPlace: () => true })
        const both = known.filter(
          (link) => erp.some(({ id }) => id === link.erpId) && shop.some(({ id }) => id === link.shopId),
        )
        const namesOf = (of: readonly { erpId: string; shopId: string }[]) =>
          of.map((pair) => `${pair.erpId}=${pair.shopId}`)
        const found = namesOf(pairs.map((pair) => ({ erpId: pair.erp.id, shopId: pair.shop.id })))
        expect(found).toEqual(expect.arrayContaining(namesOf(both)))
        expect(pairs.length).toBeLessThanOrEqual(Math.min(erp.length, shop.length))
      }),
    )
  })
})
