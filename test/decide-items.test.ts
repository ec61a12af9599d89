import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { newLinkedRow } from '../activities/upsert/linked-row.ts'
import type { ReconcileItemsDecision } from '../flows/decision.ts'
import type { NotOffered } from '../flows/not-offered.ts'
import type { Pair } from '../flows/pair.ts'
import type { ItemReading, Reading } from '../flows/reading.ts'
import { type ItemLink, type LinkedRow, REOPENED_FLAG } from '../flows/row.ts'
import { salesOrderLines as definition } from '../flows/sales-order-lines.ts'
import { otherSide, type Side } from '../flows/side.ts'
import { decideItems } from '../workflows/decide/decide-items.ts'
import { type DecideContext, decidePair } from '../workflows/decide/decide-pair.ts'
import { seenRow } from './support/pair-samples.ts'

/** A line as both tests and systems see it: what it sells, how many, at what price. */
interface Line {
  readonly id: string
  readonly product: string
  readonly quantity: string
  readonly price: string
  readonly reference?: string | null
}

const fieldNames = definition.fields.map((field) => field.name)

/** Short words stand for hashes: equal value, equal hash. */
function hashesOf(line: Line): string {
  const value = (name: string): string => {
    if (name === 'product') return line.product
    if (name === 'quantity') return line.quantity
    return name === 'unitPrice' ? line.price : '0'
  }
  return fieldNames.map((name) => value(name).padEnd(4, '.').slice(0, 4)).join('')
}

function itemOf(line: Line): ItemReading {
  const { id, reference = null, quantity: amount } = line
  return { id, hashes: hashesOf(line), seen: hashesOf(line), reference, amount }
}

function listOf(side: Side, lines: readonly Line[], more: Partial<Reading> = {}): Reading {
  return {
    side,
    id: side === 'erp' ? 'e1' : 's1',
    hashes: '',
    seen: JSON.stringify(lines),
    version: null,
    changedAtMs: null,
    groupChangedAtMs: {},
    changeMark: '',
    reference: null,
    outOfScope: null,
    dormant: false,
    label: '',
    items: lines.map(itemOf),
    ...more,
  }
}

function rowOf(items: readonly ItemLink[]): LinkedRow {
  return { ...newLinkedRow(definition, { erp: { id: 'e1' }, shop: { id: 's1' } }, ''), items }
}

function linkOf(erpId: string, line: Line): ItemLink {
  return { erpId, shopId: line.id, base: hashesOf(line), shopBase: '' }
}

const bolt: Line = { id: 'l-1', product: 'bolt', quantity: '10', price: '5' }
const nut: Line = { id: 'l-2', product: 'nut', quantity: '20', price: '1' }
const washer: Line = { id: 'l-3', product: 'wash', quantity: '30', price: '2' }
const inErp = (line: Line, more: Partial<Line> = {}): Line => ({
  ...line,
  id: line.id.replace('l-', 'x-'),
  reference: line.id,
  ...more,
})
const agreed = [bolt, nut, washer].map((line) => linkOf(line.id.replace('l-', 'x-'), line))

function decide(
  erp: readonly Line[],
  shop: readonly Line[],
  links: readonly ItemLink[] | null = agreed,
  state: { readonly erp?: Partial<Reading>; readonly shop?: Partial<Reading>; readonly notOffered?: NotOffered } = {},
): ReconcileItemsDecision {
  const row = links === null ? null : rowOf(links)
  const [erpList, shopList] = [listOf('erp', erp, state.erp), listOf('shop', shop, state.shop)]
  const pair: Pair = {
    erp: { kind: 'present', reading: erpList },
    shop: { kind: 'present', reading: shopList },
    rows: row ? [row] : [],
    match: { kind: 'notAsked' },
    differs: '',
    ...(state.notOffered && { notOffered: state.notOffered }),
  }
  return decideItems(definition, pair, erpList, shopList, row)
}

const writesOf = (decision: ReconcileItemsDecision) =>
  decision.changes.flatMap((change) => {
    if (change.kind === 'pair') {
      return [
        ...change.writeErp.map((field) => `erp ${change.erpId} ${field}`),
        ...change.writeShop.map((field) => `shop ${change.shopId} ${field}`),
      ]
    }
    if (change.kind === 'add') return [`add ${change.from} on ${change.on}`]
    return change.kind === 'remove' ? [`remove ${change.id} on ${change.on}`] : []
  })

describe('rule 4e: a shop whose lines cannot be edited', () => {
  const notOffered = { shop: ['update'] } as const

  test('edits, new lines, removals and moves in PowerOffice stay there, and nobody is asked about them', () => {
    const extra = { ...washer, id: 'x-9', product: 'wood', reference: null }
    const erp = [inErp(nut), inErp(bolt, { quantity: '11' }), extra]
    const decision = decide(erp, [bolt, nut, washer], agreed, { notOffered })
    expect(writesOf(decision)).toEqual([])
    expect(decision).toMatchObject({ how: 'remember', reorder: null, isOpen: false, notes: [] })
    expect(decision.changes.filter(({ kind }) => kind === 'leave')).toEqual([
      { kind: 'leave', erpId: 'x-3', shopId: 'l-3' },
      { kind: 'leave', erpId: 'x-9', shopId: null },
    ])
  })

  test('edits, new lines and removals in the shop reach PowerOffice', () => {
    const edited = [{ ...bolt, price: '6' }, nut, { ...washer, id: 'l-9' }]
    const decision = decide([inErp(bolt, { quantity: '11' }), inErp(nut), inErp(washer)], edited, agreed, {
      notOffered,
    })
    expect(writesOf(decision)).toEqual(['erp x-1 unitPrice', 'remove x-3 on erp', 'add l-9 on erp'])
  })
})

describe('E22: two lists of one order', () => {
  test('equal lists write nothing', () => {
    const decision = decide([inErp(bolt), inErp(nut), inErp(washer)], [bolt, nut, washer])
    expect(writesOf(decision)).toEqual([])
    expect(decision).toMatchObject({ how: 'remember', reorder: null, isOpen: false })
  })

  test('different lines edited on both sides: both edits survive', () => {
    const decision = decide(
      [inErp(bolt, { quantity: '11' }), inErp(nut), inErp(washer)],
      [bolt, { ...nut, price: '9' }, washer],
    )
    expect(writesOf(decision)).toEqual(['shop l-1 quantity', 'erp x-2 unitPrice'])
  })

  test('different fields of one line edited on both sides: both edits survive', () => {
    const decision = decide(
      [inErp(bolt, { quantity: '11' }), inErp(nut), inErp(washer)],
      [{ ...bolt, price: '6' }, nut, washer],
    )
    expect(writesOf(decision)).toEqual(['erp x-1 unitPrice', 'shop l-1 quantity'])
  })

  test('the same field edited on both sides: the webshop wins while the order is a draft, PowerOffice once it is confirmed', () => {
    const erp = [inErp(bolt, { quantity: '11' }), inErp(nut), inErp(washer)]
    const shop = [{ ...bolt, quantity: '10.5' }, nut, washer]
    expect(writesOf(decide(erp, shop))).toEqual(['erp x-1 quantity'])
    expect(writesOf(decide(erp, shop, agreed, { erp: { isLocked: true } }))).toEqual(['shop l-1 quantity'])
  })

  test('a line added on either side is added on the other', () => {
    const screw: Line = { id: 'l-9', product: 'scre', quantity: '1', price: '3' }
    expect(writesOf(decide([inErp(bolt), inErp(nut), inErp(washer)], [bolt, nut, washer, screw]))).toEqual([
      'add l-9 on erp',
    ])
    const made: Line = { ...screw, id: 'x-9' }
    expect(writesOf(decide([inErp(bolt), inErp(nut), inErp(washer), made], [bolt, nut, washer]))).toEqual([
      'add x-9 on shop',
    ])
  })

  test('a line removed on one side and untouched on the other is removed there; an edited one is asked about', () => {
    expect(writesOf(decide([inErp(bolt), inErp(nut), inErp(washer)], [bolt, washer]))).toEqual(['remove x-2 on erp'])
    const edited = decide([inErp(bolt), inErp(nut, { quantity: '21' }), inErp(washer)], [bolt, washer])
    expect(writesOf(edited)).toEqual([])
    expect(edited).toMatchObject({ isOpen: true, notes: [{ field: 'line 2', kind: 'asks' }] })
  })

  test('a line that bears our reference to a line that no longer exists was removed in the webshop', () => {
    expect(writesOf(decide([inErp(bolt), inErp(nut)], [bolt], null))).toEqual(['remove x-2 on erp'])
  })

  test('all lines gone at once removes nothing and is listed', () => {
    const decision = decide([], [bolt, nut, washer])
    expect(writesOf(decision)).toEqual([])
    expect(decision).toMatchObject({ isOpen: true, notes: [{ field: 'lines', kind: 'asks' }] })
  })

  test('a confirmed order takes no edit of the webshop, which is listed', () => {
    const decision = decide([inErp(bolt), inErp(nut), inErp(washer)], [bolt, { ...nut, price: '9' }], agreed, {
      erp: { isLocked: true },
    })
    expect(writesOf(decision)).toEqual([])
    expect(decision.notes.map((note) => note.kind)).toEqual(['locked', 'locked'])
  })

  describe('less in PowerOffice on a confirmed order may be a delivery in parts', () => {
    const confirmed = { erp: { isLocked: true } }

    test.each(['9', '9.5', '0', '-1'])(
      'a line that shrinks from 10 to %s is asked about, the rest is carried over',
      (quantity) => {
        const erp = [inErp(bolt, { quantity, price: '6' }), inErp(nut), inErp(washer)]
        const decision = decide(erp, [bolt, nut, washer], agreed, confirmed)
        expect(writesOf(decision)).toEqual(['shop l-1 unitPrice'])
        expect(decision).toMatchObject({ isOpen: true, notes: [{ field: 'line 1 quantity', kind: 'asks' }] })
        expect(decision.notes[0]?.detail).toContain(`PowerOffice has ${quantity} of 10`)
      },
    )

    test('of what is taken back, less is what is nearer to nothing', () => {
      const back = { ...bolt, quantity: '-10' }
      const linked = [linkOf('x-1', back)]
      const towards = (quantity: string) => writesOf(decide([inErp(back, { quantity })], [back], linked, confirmed))
      expect([towards('-9'), towards('-11')]).toEqual([[], ['shop l-1 quantity']])
    })

    test('a line that is gone stands in the webshop until a person removes it there', () => {
      const decision = decide([inErp(bolt), inErp(nut)], [bolt, nut, washer], agreed, confirmed)
      expect(writesOf(decision)).toEqual([])
      expect(decision).toMatchObject({ isOpen: true, notes: [{ field: 'line 3', kind: 'asks' }] })
      const settled = decide([inErp(bolt), inErp(nut)], [bolt, nut], agreed, confirmed)
      expect([writesOf(settled), settled.isOpen]).toEqual([[], false])
    })

    test('more of it, a draft and an invoice are carried over as they are', () => {
      const fewer = [inErp(bolt, { quantity: '9' }), inErp(nut), inErp(washer)]
      const more = [inErp(bolt, { quantity: '11' }), inErp(nut), inErp(washer)]
      const all = [bolt, nut, washer]
      const invoiced = { erp: { isLocked: true, isFinal: true } }
      const written = [decide(more, all, agreed, confirmed), decide(fewer, all), decide(fewer, all, agreed, invoiced)]
      expect(written.map(writesOf)).toEqual(written.map(() => ['shop l-1 quantity']))
    })
  })

  describe('editConfirmed reopen: a confirmed order takes the webshop’s edits', () => {
    const confirmed = listOf('erp', [inErp(bolt), inErp(nut), inErp(washer)], { isLocked: true })
    const screw: Line = { id: 'l-9', product: 'scre', quantity: '1', price: '3' }
    const edited = listOf('shop', [washer, { ...nut, price: '9' }, screw])
    const linked = rowOf(agreed)
    const decideIn = (erp: Reading, shop: Reading, row: LinkedRow | null) => {
      const pair = { erp, shop, rows: row ? [row] : [], match: { kind: 'notAsked' }, differs: '' } as unknown as Pair
      return decideItems(definition, pair, erp, shop, row, 'reopen')
    }

    test('changed, added, removed and moved lines are carried over and nothing is listed', () => {
      const decision = decideIn(confirmed, edited, linked)
      expect(writesOf(decision)).toEqual(['erp x-2 unitPrice', 'remove x-1 on erp', 'add l-9 on erp'])
      expect(decision).toMatchObject({ reorder: 'erp', isOpen: false, notes: [] })
    })

    test('PowerOffice still wins where both changed the same field', () => {
      const erp = listOf('erp', [inErp(bolt, { quantity: '11' }), inErp(nut), inErp(washer)], { isLocked: true })
      const shop = listOf('shop', [{ ...bolt, quantity: '10.5' }, nut, washer])
      expect(writesOf(decideIn(erp, shop, linked))).toEqual(['shop l-1 quantity'])
    })

    test('an invoice takes none, and neither does an order that is only being linked', () => {
      const invoiced = { ...confirmed, isFinal: true }
      const repriced = listOf('shop', [bolt, { ...nut, price: '9' }, washer])
      expect(writesOf(decideIn(invoiced, repriced, linked))).toEqual(['shop l-2 unitPrice'])
      expect(writesOf(decideIn(confirmed, listOf('shop', [bolt, nut, washer, screw]), null))).toEqual([])
    })

    test('the mark of an order that we hold open is work to be done, whatever the lists show', () => {
      const draft = { ...confirmed, isLocked: false }
      const marked = { ...linked, flags: REOPENED_FLAG }
      const equal = listOf('shop', [bolt, nut, washer])
      expect(decideIn(draft, equal, marked)).toMatchObject({ how: 'update', isOpen: false })
      expect(decideIn(draft, equal, linked)).toMatchObject({ how: 'remember' })
    })
  })

  test('an invoice has lines of its own: they are recognised by reference, else by place and product, and their values are final', () => {
    const invoice: Line[] = [
      { ...inErp(bolt), id: '901', quantity: '8' },
      { ...inErp(nut), id: '902', reference: null },
      { ...inErp(washer), id: '903' },
    ]
    const decision = decide(invoice, [bolt, nut, { ...washer, price: '7' }], agreed, {
      erp: { isLocked: true, isFinal: true },
    })
    expect(writesOf(decision)).toEqual(['shop l-1 quantity', 'shop l-3 unitPrice'])
    expect(decision.changes.map((change) => (change.kind === 'pair' ? change.erpId : change.kind))).toEqual([
      '901',
      '902',
      '903',
    ])
  })

  test('lines moved on one side are moved on the other, compared by rank', () => {
    expect(decide([inErp(washer), inErp(bolt), inErp(nut)], [bolt, nut, washer]).reorder).toBe('shop')
    expect(decide([inErp(bolt), inErp(nut), inErp(washer)], [nut, bolt, washer]).reorder).toBe('erp')
    expect(decide([inErp(bolt), inErp(nut), inErp(washer)], [bolt, nut, washer]).reorder).toBeNull()
  })

  test('E18: a line whose making is unclear is made again under its key, and nothing is concluded from a new one meanwhile', () => {
    const made: Line = { id: 'x-9', product: 'scre', quantity: '1', price: '3' }
    const other: Line = { id: 'l-8', product: 'nail', quantity: '4', price: '4' }
    const links = [...agreed, { erpId: 'x-9', shopId: '', base: '', shopBase: '' }]
    const decision = decide([inErp(bolt), inErp(nut), inErp(washer), made], [bolt, nut, washer, other], links)
    expect(writesOf(decision)).toEqual(['add x-9 on shop'])
    expect(decision.isOpen).toBe(true)
  })

  describe('E18: a line that was being made in PowerOffice when its attempt died', () => {
    const fresh: Line = { id: 'l-9', product: 'scre', quantity: '4', price: '3' }
    const begun: ItemLink = { erpId: '', shopId: 'l-9', base: hashesOf(fresh), shopBase: '' }
    const others = [inErp(bolt), inErp(nut), inErp(washer)]
    const decideWith = (inPowerOffice: readonly Line[], inShop: Line, link = begun) =>
      writesOf(decide([...others, ...inPowerOffice], [bolt, nut, washer, inShop], [...agreed, link]))

    test('is known by our reference, and what people made of either side since is an edit of theirs', () => {
      expect(decideWith([inErp(fresh)], fresh)).toEqual([])
      expect(decideWith([inErp(fresh, { quantity: '7' })], fresh)).toEqual(['shop l-9 quantity'])
      expect(decideWith([inErp(fresh)], { ...fresh, price: '8' })).toEqual(['erp x-9 unitPrice'])
    })

    test('is made again where it is not there, and not put back where the webshop has removed it', () => {
      expect(decideWith([], fresh)).toEqual(['add l-9 on erp'])
      const removed = decide([...others, inErp(fresh)], [bolt, nut, washer], [...agreed, begun])
      expect(writesOf(removed)).toEqual(['remove x-9 on erp'])
    })

    test('had been given other values by the attempt before: PowerOffice shows whose it is', () => {
      const later = { ...fresh, quantity: '5' }
      const twice: ItemLink = { ...begun, base: hashesOf(later), shopBase: hashesOf(fresh) }
      expect(decideWith([inErp(fresh)], later, twice)).toEqual(['erp x-9 quantity'])
      expect(decideWith([inErp(later, { price: '9' })], later, twice)).toEqual(['shop l-9 unitPrice'])
    })

    test('is no line that PowerOffice ever had: an order of none is not taken for one that lost them all', () => {
      expect(writesOf(decide([], [fresh], [begun]))).toEqual(['add l-9 on erp'])
      const inShop: ItemLink = { erpId: 'x-9', shopId: '', base: hashesOf(fresh), shopBase: '' }
      expect(writesOf(decide([inErp(fresh, { reference: null })], [], [inShop]))).toEqual(['add x-9 on shop'])
    })
  })

  describe('E18: a line that was being made in the webshop and is removed in PowerOffice before anybody knew that it was made', () => {
    const made: Line = { id: 'l-9', product: 'scre', quantity: '4', price: '3' }
    const begun: ItemLink = { erpId: 'x-9', shopId: '', base: hashesOf(made), shopBase: '' }
    const others = [inErp(bolt), inErp(nut), inErp(washer)]
    const decideWith = (inShop: readonly Line[], link = begun, inPowerOffice: readonly Line[] = []) =>
      writesOf(decide([...others, ...inPowerOffice], [bolt, nut, washer, ...inShop], [...agreed, link]))

    test('is known by what it was given, and removed', () => {
      expect(decideWith([made])).toEqual(['remove l-9 on shop'])
      const earlier = { ...begun, base: hashesOf({ ...made, quantity: '5' }), shopBase: hashesOf(made) }
      expect(decideWith([made], earlier)).toEqual(['remove l-9 on shop'])
    })

    test('is a line of the webshop where people have edited it there, and nothing where it was not made', () => {
      expect(decideWith([{ ...made, quantity: '7' }])).toEqual(['add l-9 on erp'])
      expect(decideWith([])).toEqual([])
    })

    test('is the counterpart of one that people added in its place', () => {
      const again: Line = { ...made, id: 'x-10', reference: null }
      expect(decideWith([made], begun, [again])).toEqual([])
    })
  })

  test('a line of a product without a link waits, the others go on', () => {
    const erp = listOf('erp', [inErp(bolt), inErp(nut), inErp(washer)])
    const fresh: ItemReading = {
      ...itemOf({ id: 'l-9', product: '?p-7', quantity: '1', price: '1' }),
      unlinked: [{ field: 'product', flow: 'products', key: 'shop:p-7' }],
    }
    const shop = listOf('shop', [{ ...bolt, quantity: '11' }, nut, washer])
    const withFresh = { ...shop, items: [...(shop.items ?? []), fresh] }
    const row = rowOf(agreed)
    const pair: Pair = {
      erp: { kind: 'present', reading: erp },
      shop: { kind: 'present', reading: withFresh },
      rows: [row],
      match: { kind: 'notAsked' },
      differs: '',
    }
    const decision = decideItems(definition, pair, erp, withFresh, row)
    expect(writesOf(decision)).toEqual(['erp x-1 quantity'])
    expect(decision.notes).toMatchObject([{ field: 'line 4', kind: 'waits' }])
  })
})

describe('laws of two lists', () => {
  const value = fc.constantFrom('1', '2', '3')
  const edit = fc.oneof(
    fc.record({ kind: fc.constant('set' as const), at: fc.nat(4), quantity: value }),
    fc.record({ kind: fc.constant('price' as const), at: fc.nat(4), price: value }),
    fc.record({ kind: fc.constant('add' as const), product: fc.constantFrom('nail', 'hook', 'glue'), quantity: value }),
    fc.record({ kind: fc.constant('remove' as const), at: fc.nat(4) }),
    fc.record({ kind: fc.constant('move' as const), at: fc.nat(4) }),
  )
  type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never

  test('whatever is edited on both sides, one round makes the lists equal but for what a person decides, and the next writes nothing', () => {
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 4 }), fc.array(edit, { maxLength: 4 }), (erpEdits, shopEdits) => {
        const world = openWorld()
        for (const one of erpEdits) world.edit('erp', one)
        for (const one of shopEdits) world.edit('shop', one)
        const first = world.round()
        expect(first.isOpen || isDeepStrictEqual(world.show('erp'), world.show('shop'))).toBe(true)
        const second = world.round()
        expect(writesOf(second)).toEqual([])
        expect(second.reorder).toBeNull()
      }),
      { numRuns: 500, seed: 7 },
    )
  })

  test('no line is ever doubled, and none disappears that nobody removed', () => {
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 4 }), fc.array(edit, { maxLength: 4 }), (erpEdits, shopEdits) => {
        const world = openWorld()
        for (const one of erpEdits) world.edit('erp', one)
        for (const one of shopEdits) world.edit('shop', one)
        world.round()
        world.round()
        for (const side of ['erp', 'shop'] as const) {
          const origins = world.lines(side).map((line) => line.origin)
          expect(new Set(origins).size).toBe(origins.length)
          for (const origin of world.wanted()) expect(origins).toContain(origin)
        }
      }),
      { numRuns: 500, seed: 8 },
    )
  })

  /** Two lists with their memory, and the writing that a decision asks for. */
  function openWorld() {
    type Kept = Line & { readonly origin: string }
    const lists: Record<Side, Kept[]> = {
      erp: [bolt, nut, washer].map((line) => ({ ...inErp(line), origin: line.id })),
      shop: [bolt, nut, washer].map((line) => ({ ...line, origin: line.id })),
    }
    const removed = new Set<string>()
    let links: ItemLink[] = [...agreed]
    let next = 100

    const change = (side: Side, one: Edit): void => {
      const list = lists[side]
      if (one.kind === 'add') {
        const id = `${side === 'erp' ? 'x' : 'l'}-${next++}`
        list.push({ id, product: one.product, quantity: one.quantity, price: '1', origin: id })
        return
      }
      // The last line stays: an emptied list is another matter.
      const at = one.at % list.length
      const line = list[at] as Kept
      if (one.kind === 'remove') {
        if (list.length === 1) return
        list.splice(at, 1)
        removed.add(line.origin)
      } else if (one.kind === 'move') {
        list.splice(at, 1)
        list.unshift(line)
      } else list[at] = one.kind === 'set' ? { ...line, quantity: one.quantity } : { ...line, price: one.price }
    }

    const round = (): ReconcileItemsDecision => {
      const decision = decide(lists.erp, lists.shop, links)
      const made: ItemLink[] = []
      for (const one of decision.changes) {
        if (one.kind === 'pair') {
          const erpAt = lists.erp.findIndex((line) => line.id === one.erpId)
          const shopAt = lists.shop.findIndex((line) => line.id === one.shopId)
          const [erp, shop] = [lists.erp[erpAt] as Kept, lists.shop[shopAt] as Kept]
          lists.erp[erpAt] = withFields(erp, shop, one.writeErp)
          lists.shop[shopAt] = withFields(shop, erp, one.writeShop)
        } else if (one.kind === 'remove') lists[one.on] = lists[one.on].filter((line) => line.id !== one.id)
        else if (one.kind === 'add') {
          const source = lists[otherSide(one.on)].find((line) => line.id === one.from) as Kept
          const id = `${one.on === 'erp' ? 'x' : 'l'}-${next++}`
          lists[one.on].push({ ...source, id, reference: one.on === 'erp' ? source.id : null })
          made.push(
            one.on === 'erp'
              ? { erpId: id, shopId: source.id, base: hashesOf(source), shopBase: '' }
              : { erpId: source.id, shopId: id, base: hashesOf(source), shopBase: '' },
          )
        }
      }
      const after: ItemLink[] = [...made]
      for (const one of decision.changes) {
        const earlier = links.find((link) => 'erpId' in one && (link.erpId === one.erpId || link.shopId === one.shopId))
        if (one.kind === 'pair') {
          const erp = lists.erp.find((line) => line.id === one.erpId) as Kept
          after.push({ erpId: one.erpId, shopId: one.shopId, base: hashesOf(erp), shopBase: '' })
        } else if (one.kind === 'leave' && earlier) after.push(earlier)
      }
      if (decision.reorder !== null || made.length > 0) follow(decision.reorder ?? 'shop', after)
      const order = lists.shop.map((line) => line.id)
      links = after.sort((a, b) => order.indexOf(a.shopId) - order.indexOf(b.shopId))
      return decision
    }

    function follow(side: Side, known: readonly ItemLink[]): void {
      const leader = lists[otherSide(side)].map((line) => line.id)
      const rank = (line: Kept): number => {
        const link = known.find((one) => (side === 'erp' ? one.erpId : one.shopId) === line.id)
        const at = leader.indexOf((side === 'erp' ? link?.shopId : link?.erpId) ?? '')
        return at < 0 ? leader.length : at
      }
      lists[side] = lists[side].toSorted((a, b) => rank(a) - rank(b))
    }

    return {
      edit: change,
      round,
      lines: (side: Side) => lists[side],
      show: (side: Side) => lists[side].map(({ product, quantity, price }) => ({ product, quantity, price })),
      wanted: () => [bolt.id, nut.id, washer.id].filter((id) => !removed.has(id)),
    }
  }

  function withFields<T extends Line>(line: T, source: Line, fields: readonly string[]): T {
    return {
      ...line,
      ...(fields.includes('product') ? { product: source.product } : {}),
      ...(fields.includes('quantity') ? { quantity: source.quantity } : {}),
      ...(fields.includes('unitPrice') ? { price: source.price } : {}),
    }
  }
})

const context: DecideContext = {
  nowMs: 0,
  company: { createInactive: false, creation: {}, cancelDrafts: 'approve' },
  wish: { kind: 'none' },
  missingTwice: false,
  firstAgreement: 'erp',
  firstSeenMs: { erp: null, shop: null },
  revertedLately: () => false,
  wouldLoop: () => false,
}

describe('rule 4c: the lines of an order that left the scope', () => {
  const edited = [{ ...bolt, quantity: '11' }, nut, washer]

  function verdictOn(outOfScope: string | null, row: LinkedRow | null) {
    const pair: Pair = {
      erp: {
        kind: 'present',
        reading: listOf(
          'erp',
          [bolt, nut, washer].map((line) => inErp(line)),
        ),
      },
      shop: { kind: 'present', reading: listOf('shop', edited, { outOfScope }) },
      rows: row ? [row] : [],
      match: row ? { kind: 'notAsked' } : { kind: 'matched', by: 'parent' },
      differs: '',
    }
    return decidePair(definition, pair, context)
  }
  const seen = {
    ...rowOf(agreed),
    erpSeen: JSON.stringify([bolt, nut, washer].map((line) => inErp(line))),
    shopSeen: JSON.stringify(edited),
  }

  test('are frozen with it: an edit is seen and not written, and what was agreed on stays', () => {
    const before = rowOf(agreed)
    expect(verdictOn('status', { ...seen, shopSeen: '' })).toMatchObject({ kind: 'park', reason: 'outOfScope' })
    expect(verdictOn('status', before)).toMatchObject({ kind: 'park', rows: [before] })
    expect(verdictOn('status', seen)).toEqual({ kind: 'nothing', why: 'outOfScope' })
    expect(verdictOn(null, seen)).toMatchObject({ kind: 'reconcileItems' })
  })

  test('are not linked while it is outside', () => {
    expect(verdictOn('status', null)).toEqual({ kind: 'nothing', why: 'outOfScope' })
  })
})

describe('the list of an invoiced order, which is over', () => {
  const lines = [bolt, nut, washer]
  const verdict = (rows: Pair['rows'], rest: Partial<DecideContext> = {}) =>
    decidePair(
      definition,
      {
        erp: { kind: 'present', reading: listOf('erp', lines, { isLocked: true, isFinal: true }) },
        shop: { kind: 'present', reading: listOf('shop', lines, { isLocked: true }) },
        rows,
        match: { kind: 'matched', by: 'parent' },
        differs: '',
      },
      { ...context, ...rest },
    )

  test('is remembered no more once both sides show it', () => {
    expect(verdict([])).toEqual({ kind: 'nothing', why: 'dropped' })
  })

  test('leaves the inbox with the row of a time when it could not be read', () => {
    const rows = [seenRow('erp', { id: 'e1', reason: 'unreadable' })]
    expect(verdict(rows)).toEqual({ kind: 'forget', erpId: 'e1', shopId: 's1', apart: null, rows })
  })

  test('a run that began before that was so replays as it was', () => {
    const rows = [seenRow('erp', { id: 'e1', reason: 'unreadable' })]
    expect(verdict(rows, { keepsListsThatAreOver: () => true })).toEqual({ kind: 'nothing', why: 'dropped' })
  })
})
