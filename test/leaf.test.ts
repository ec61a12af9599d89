import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compareIds } from '../flows/directory.ts'
import { emptyLeaf, type LeafState, type PutItem } from '../flows/memory.ts'
import { type Row, rowKey } from '../flows/row.ts'
import { decodeRow, encodeRow } from '../flows/row-codec.ts'
import { idOf, type RecordKey } from '../flows/side.ts'
import {
  chooseSplit,
  closeLeaf,
  dropFrom as dropFromAt,
  type Leaf,
  lookupRows,
  openLeaf,
  putRows as putRowsAt,
  rowsAfter,
  rowsFromLow,
} from '../workflows/memory/leaf.ts'
import { anyRow } from './support/any-row.ts'
import { apartRow, goneRow, linkedRow, seenRow } from './support/pair-samples.ts'

const empty: LeafState = emptyLeaf({ connection: 'demo', flow: 'customers', shard: 0, side: 'erp', low: '' })

const putRows = (leaf: Leaf, items: readonly PutItem[]) => putRowsAt(leaf, items, 0)
const dropFrom = (leaf: Leaf, low: string, newNumber: number) => dropFromAt(leaf, low, newNumber, 0)

function leafOf(...rows: readonly Row[]): Leaf {
  return openLeaf({ ...empty, rows: rows.map(encodeRow) })
}

function put(row: Row, expect: Row | null = null): PutItem {
  return { key: rowKey(row), expect: expect === null ? null : encodeRow(expect), row: encodeRow(row) }
}

/** Rows of a leaf of PowerOffice ids, each key once: linked, seen, gone and apart rows of few ids. */
const rows: fc.Arbitrary<Row[]> = fc
  .array(
    anyRow.filter((row) => rowKey(row).startsWith('erp:')),
    { maxLength: 12 },
  )
  .map((found) => [...new Map(found.map((row) => [rowKey(row), row])).values()])

const numericRows: fc.Arbitrary<Row[]> = fc
  .uniqueArray(fc.nat({ max: 300 }), { minLength: 1, maxLength: 20 })
  .map((ids) => ids.map((id) => linkedRow({}, { erpId: String(id), shopId: `c-${id}` })))

const sortedTexts = (texts: readonly string[]): string[] => [...texts].sort()

describe('E5: put is compare-and-set', () => {
  test('what is as the writer read it is stored, anything else is refused with the row as it stands', () => {
    const [first, second, other] = [linkedRow(), linkedRow({ name: 'A' }), linkedRow({ name: 'B' })]
    const leaf = leafOf()
    expect(putRows(leaf, [put(first)]).answers).toEqual([{ kind: 'done' }])
    expect(putRows(leaf, [put(second, first)]).answers).toEqual([{ kind: 'done' }])
    expect(putRows(leaf, [put(other, first)]).answers).toEqual([{ kind: 'refused', row: encodeRow(second) }])
    expect(putRows(leaf, [put(other)]).answers).toEqual([{ kind: 'refused', row: encodeRow(second) }])
    expect(closeLeaf(leaf).rows).toEqual([encodeRow(second)])
  })

  test('a put that expects a row where there is none is refused with nothing', () => {
    const leaf = leafOf()
    expect(putRows(leaf, [put(linkedRow({ name: 'A' }), linkedRow())]).answers).toEqual([
      { kind: 'refused', row: null },
    ])
    expect(closeLeaf(leaf).rows).toEqual([])
  })

  test('a row is taken out by the same rule', () => {
    const leaf = leafOf(linkedRow())
    const key = rowKey(linkedRow())
    expect(putRows(leaf, [{ key, expect: 'else', row: null }]).answers).toEqual([
      { kind: 'refused', row: encodeRow(linkedRow()) },
    ])
    expect(putRows(leaf, [{ key, expect: encodeRow(linkedRow()), row: null }]).answers).toEqual([{ kind: 'done' }])
    expect(putRows(leaf, [{ key, expect: encodeRow(linkedRow()), row: null }]).answers).toEqual([{ kind: 'done' }])
    expect(closeLeaf(leaf).rows).toEqual([])
  })

  test('putting twice is putting once: the same answer, the same leaf', () => {
    fc.assert(
      fc.property(rows, rows, (before, after) => {
        const leaf = leafOf(...before)
        const items = after.map((row) => put(row, before.find((known) => rowKey(known) === rowKey(row)) ?? null))
        const once = putRows(leaf, items)
        const afterOnce = closeLeaf(leaf)
        expect(putRows(leaf, items)).toEqual(once)
        expect(closeLeaf(leaf)).toEqual(afterOnce)
        expect(once.answers).toEqual(items.map(() => ({ kind: 'done' })))
      }),
    )
  })

  test('one refused row does not hold up the others', () => {
    const leaf = leafOf(linkedRow())
    const other = linkedRow({}, { erpId: '13', shopId: 'c-8' })
    expect(putRows(leaf, [put(linkedRow({ name: 'A' })), put(other)]).answers).toEqual([
      { kind: 'refused', row: encodeRow(linkedRow()) },
      { kind: 'done' },
    ])
  })

  test('a count of links says since when it stands: the time, and later with every change', () => {
    const leaf = leafOf(linkedRow())
    const another = put(linkedRow({}, { erpId: '13', shopId: 'c-8' }))
    const takenOut = { key: another.key, expect: another.row, row: null }
    const at = (opened: Leaf, item: PutItem, nowMs: number) => {
      const { linked, linkedAt } = putRowsAt(opened, [item], nowMs)
      return [linked, linkedAt]
    }
    expect(at(leaf, another, 5_000)).toEqual([2, 5_000])
    expect(at(leaf, takenOut, 5_000)).toEqual([1, 5_001])
    expect(at(leaf, takenOut, 9_000)).toEqual([1, 5_001])
    expect(at(leaf, another, 4_000)).toEqual([2, 5_002])
    dropFromAt(leaf, '13', 9, 7_000)
    expect([leaf.linked, leaf.countedAt]).toEqual([1, 7_000])
    // Rolled after a split, it is asked for its count before anything has changed.
    expect(openLeaf(closeLeaf(leaf), 7_003).countedAt).toBe(7_003)
  })

  test('sizes and links are counted as rows come and go, exactly as a leaf opened anew counts them', () => {
    fc.assert(
      fc.property(rows, rows, (before, after) => {
        const leaf = leafOf(...before)
        putRows(
          leaf,
          after.map((row) => put(row, before.find((known) => rowKey(known) === rowKey(row)) ?? null)),
        )
        for (const row of before.slice(0, 3)) putRows(leaf, [{ key: rowKey(row), expect: encodeRow(row), row: null }])
        const again = openLeaf(closeLeaf(leaf))
        expect([leaf.bytes, leaf.linked]).toEqual([again.bytes, again.linked])
        expect(leaf.linked).toBe(closeLeaf(leaf).rows.filter((text) => decodeRow(text).kind === 'linked').length)
      }),
    )
  })
})

describe('E4: a record is found by either id', () => {
  const byShop = (leaf: Leaf, shopId: string): readonly string[] =>
    lookupRows(leaf, { keys: [], shopIds: [shopId] }).rows

  test('a link is found by its PowerOffice id and by its webshop id, once', () => {
    const leaf = leafOf(linkedRow(), linkedRow({}, { erpId: '13', shopId: 'c-8' }))
    expect(lookupRows(leaf, { keys: ['erp:12'], shopIds: ['c-7'] })).toEqual({
      rows: [encodeRow(linkedRow())],
      moved: [],
    })
    expect(byShop(leaf, 'c-7')).toEqual([encodeRow(linkedRow())])
    expect(byShop(leaf, 'c-9')).toEqual([])
  })

  test('every row is found by its key, and every linked or gone one by its webshop id', () => {
    fc.assert(
      fc.property(rows, (found) => {
        const leaf = leafOf(...found)
        for (const row of found) {
          expect(lookupRows(leaf, { keys: [rowKey(row)], shopIds: [] }).rows).toContain(encodeRow(row))
          const shopId = row.kind === 'linked' || row.kind === 'gone' ? row.shopId : null
          expect(shopId === null || byShop(leaf, shopId).includes(encodeRow(row))).toBe(true)
        }
      }),
    )
  })

  test('a link is found by its webshop id beside the grave of an earlier one, whichever was put last', () => {
    const grave = goneRow({ erpId: '11' })
    const link = linkedRow()
    const both = sortedTexts([encodeRow(grave), encodeRow(link)])
    expect(sortedTexts(byShop(leafOf(grave, link), 'c-7'))).toEqual(both)
    expect(sortedTexts(byShop(leafOf(link, grave), 'c-7'))).toEqual(both)
  })

  test('a grave is found by its webshop id again when the link beside it is taken out', () => {
    const grave = goneRow({ erpId: '11' })
    const leaf = leafOf(grave, linkedRow())
    putRows(leaf, [{ key: 'erp:12', expect: encodeRow(linkedRow()), row: null }])
    expect(byShop(leaf, 'c-7')).toEqual([encodeRow(grave)])
  })

  test('a link that changed its webshop record is no longer found by the former one', () => {
    const leaf = leafOf(linkedRow())
    putRows(leaf, [put(linkedRow({}, { shopId: 'c-8' }), linkedRow())])
    expect([byShop(leaf, 'c-7').length, byShop(leaf, 'c-8').length]).toEqual([0, 1])
  })

  test('pairs set apart come with the PowerOffice record that they begin with, and go with their row', () => {
    const other = { ...apartRow, shopId: 'c-8' }
    const leaf = leafOf(seenRow('erp', { reason: 'excluded' }), apartRow, other, { ...apartRow, erpId: '120' })
    const asked = (): readonly string[] => sortedTexts(lookupRows(leaf, { keys: ['erp:12'], shopIds: [] }).rows)
    expect(asked()).toEqual(sortedTexts([seenRow('erp', { reason: 'excluded' }), apartRow, other].map(encodeRow)))
    putRows(leaf, [{ key: rowKey(other), expect: encodeRow(other), row: null }])
    expect(asked()).toEqual(sortedTexts([seenRow('erp', { reason: 'excluded' }), apartRow].map(encodeRow)))
  })
})

test('closing and opening a leaf changes nothing that can be asked, and its state is plain JSON', () => {
  fc.assert(
    fc.property(rows, (found) => {
      const closed = closeLeaf(leafOf(...found))
      expect(JSON.parse(JSON.stringify(closed))).toEqual(closed)
      const again = openLeaf(closed)
      const ask = { keys: found.map(rowKey), shopIds: ['c-7', 'c-8'] }
      expect(lookupRows(again, ask)).toEqual(lookupRows(leafOf(...found), ask))
      expect(closeLeaf(again)).toEqual(closed)
    }),
  )
})

describe('reading a leaf page by page', () => {
  function pages(leaf: Leaf, limit: number, between: () => void = () => undefined): string[] {
    const visited: string[] = []
    for (let after: RecordKey | null = null; ; ) {
      const page = rowsAfter(leaf, after, limit)
      visited.push(...page)
      const last = page.at(-1)
      // A reading that goes back would never end.
      if (last === undefined || visited.length > 10_000) return visited
      after = rowKey(decodeRow(last))
      between()
    }
  }

  test('every row is visited once, pairs set apart among them, in the same order however long a page is', () => {
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 5 }), (found, limit) => {
        const leaf = leafOf(...found)
        const visited = pages(leaf, limit)
        expect(sortedTexts(visited)).toEqual(sortedTexts(found.map(encodeRow)))
        expect(visited).toEqual(pages(leaf, 1_000))
      }),
    )
  })

  test('a page that ends on a pair set apart goes on with the next record', () => {
    const next = linkedRow({}, { erpId: '100', shopId: 'c-9' })
    const leaf = leafOf(linkedRow(), apartRow, next)
    expect(rowsAfter(leaf, 'erp:12/c-7', 10)).toEqual([encodeRow(next)])
    expect(pages(leaf, 1)).toEqual([linkedRow(), apartRow, next].map(encodeRow))
  })

  test('a row that is taken out where a page ended does not end the reading', () => {
    const second = linkedRow({}, { erpId: '13', shopId: 'c-8' })
    const leaf = leafOf(linkedRow(), second)
    const takeOut = (): unknown => putRows(leaf, [{ key: 'erp:12', expect: encodeRow(linkedRow()), row: null }])
    expect(pages(leaf, 1, takeOut)).toEqual([linkedRow(), second].map(encodeRow))
  })
})

describe('E7: a split keeps every row exactly once', () => {
  function split(leaf: Leaf, lastPutKeys: readonly RecordKey[]): { parent: Leaf; child: Leaf; low: string } {
    const plan = chooseSplit(leaf, lastPutKeys)
    const moving = rowsFromLow(leaf, plan.low)
    expect(plan.rows).toEqual(moving)
    const child = openLeaf({ ...empty, shard: 9, low: plan.low, high: leaf.state.high, rows: moving })
    dropFrom(leaf, plan.low, 9)
    return { parent: leaf, child, low: plan.low }
  }

  const texts = (leaf: Leaf): readonly string[] => closeLeaf(leaf).rows

  test('whatever the rows are and whichever were put last', () => {
    fc.assert(
      fc.property(fc.oneof(rows, numericRows), fc.boolean(), (found, isRightEnd) => {
        fc.pre(found.length > 0)
        const before = leafOf(...found)
        const ordered = [...found].sort((a, b) => compareIds(idOf(rowKey(a)), idOf(rowKey(b))))
        const last = isRightEnd ? ordered.slice(-1) : ordered.slice(0, 1)
        const { parent, child, low } = split(before, last.map(rowKey))
        expect(sortedTexts([...texts(parent), ...texts(child)])).toEqual(sortedTexts(found.map(encodeRow)))
        const rangeOf = (text: string): string => idOf(rowKey(decodeRow(text))).split('/')[0] ?? ''
        expect(texts(parent).every((text) => compareIds(rangeOf(text), low) < 0)).toBe(true)
        expect(texts(child).every((text) => compareIds(rangeOf(text), low) >= 0)).toBe(true)
      }),
    )
  })

  const ten = Array.from({ length: 10 }, (_, index) =>
    linkedRow({}, { erpId: String(index + 5), shopId: `c-${index}` }),
  )

  test('E4: at the right end, where new ids arrive, an empty leaf is opened behind the last id', () => {
    const { parent, child, low } = split(leafOf(...ten), ['erp:14'])
    expect([low, texts(parent).length, texts(child).length]).toEqual(['15', 10, 0])
  })

  test('E4: anywhere else the upper half moves', () => {
    const { parent, child, low } = split(leafOf(...ten), ['erp:6'])
    expect([low, texts(parent).length, texts(child).length]).toEqual(['10', 5, 5])
  })

  test('a leaf in the middle never cuts at its right end: what comes behind belongs to its neighbour', () => {
    expect(chooseSplit(openLeaf({ ...empty, high: '100', rows: ten.map(encodeRow) }), ['erp:14']).low).toBe('10')
  })

  test('ids that are not plain numbers are cut at the median', () => {
    const named = ['a', 'b', 'c', 'd'].map((id) => linkedRow({}, { erpId: id, shopId: `c-${id}` }))
    expect(chooseSplit(leafOf(...named), ['erp:d']).low).toBe('c')
    const padded = ['006', '007'].map((id) => linkedRow({}, { erpId: id, shopId: `c-${id}` }))
    expect(chooseSplit(leafOf(...padded), ['erp:007'])).toEqual({ low: '007', rows: [encodeRow(padded[1] as Row)] })
  })

  test('an id beyond what a float can tell apart is followed by its real successor', () => {
    const large = linkedRow({}, { erpId: '9007199254740993', shopId: 'c-1' })
    expect(chooseSplit(leafOf(large), ['erp:9007199254740993'])).toEqual({ low: '9007199254740994', rows: [] })
  })

  test('afterwards puts and lookups of the range are sent to the new leaf, others are served as before', () => {
    const { parent } = split(leafOf(...ten), ['erp:6'])
    const moved = { kind: 'moved', shard: 9, low: '10' }
    const extra = (erpId: string): PutItem => put(linkedRow({}, { erpId, shopId: `new-${erpId}` }))
    expect(putRows(parent, [extra('11'), extra('4'), extra('100'), put({ ...apartRow, erpId: '12' })]).answers).toEqual(
      [moved, { kind: 'done' }, moved, moved],
    )
    expect(lookupRows(parent, { keys: ['erp:11'], shopIds: ['c-6'] })).toEqual({
      rows: [],
      moved: [{ low: '10', shard: 9 }],
    })
    expect(closeLeaf(parent)).toMatchObject({ high: '10', splitting: null })
  })

  test('a range that moved in two cuts is sent to the nearer one', () => {
    const leaf = leafOf(...ten)
    dropFrom(leaf, '10', 9)
    dropFrom(leaf, '7', 12)
    const answers = ['6', '8', '12'].map(
      (erpId) => putRows(leaf, [put(linkedRow({}, { erpId, shopId: 'c-x' }))]).answers[0],
    )
    expect(answers).toEqual([
      { kind: 'refused', row: encodeRow(ten[1] as Row) },
      { kind: 'moved', shard: 12, low: '7' },
      { kind: 'moved', shard: 9, low: '10' },
    ])
  })

  test('E4: a leaf asks to be split above its size, not while it is splitting, and not again until it grew by a quarter', () => {
    const state = { ...empty, splitAtBytes: 300, rows: ten.slice(0, 2).map(encodeRow) }
    const [next, after] = [put(ten[2] as Row), put(ten[3] as Row)]
    expect(putRows(openLeaf({ ...state, splitAtBytes: 10_000 }), [next]).wantsSplit).toBe(false)
    expect(putRows(openLeaf(state), [next]).wantsSplit).toBe(true)
    expect(putRows(openLeaf({ ...state, splitting: { low: '7', newNumber: 9 } }), [next]).wantsSplit).toBe(false)
    const full = openLeaf({ ...state, rows: ten.map(encodeRow) })
    dropFrom(full, '15', 9)
    expect(full.state.splitAtBytes).toBe(Math.ceil(full.bytes * 1.25))
    expect(putRows(full, [after]).wantsSplit).toBe(false)
  })
})
