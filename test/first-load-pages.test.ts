import { describe, expect, test } from 'vitest'
import { changedInShop } from '../activities/first-load/changed-in-shop.ts'
import { firstLoadPage } from '../activities/first-load/fetch-first-load.ts'
import type { Snapshot } from '../activities/first-load/snapshot.ts'
import type { Memory } from '../activities/memory/memory-client.ts'
import type { Pair } from '../flows/pair.ts'
import type { FirstLoadPosition } from '../flows/port.ts'
import type { SideState } from '../flows/reading.ts'
import type { Row } from '../flows/row.ts'
import { idOf, recordKey, type Side } from '../flows/side.ts'
import { reading, sampleFlow } from './support/pair-samples.ts'

interface Lists {
  readonly pairs?: readonly (readonly [erpId: string, shopId: string])[]
  readonly ambiguous?: readonly string[]
  readonly erpOnly?: readonly string[]
  readonly shopOnly?: readonly string[]
  readonly changed?: readonly string[]
  readonly vanished?: number
}

function snapshotOf(lists: Lists): Snapshot {
  const { pairs = [], ambiguous = [], erpOnly = [], shopOnly = [], changed = [], vanished = 0 } = lists
  const states = (side: Side, ids: readonly string[]): [string, SideState][] =>
    ids.map((id) => [id, { kind: 'present', reading: reading(side, {}, { id }) }])
  return {
    pairs: pairs.map(([erpId, shopId]) => ({ erpId, shopId, by: 'e-mail' })),
    ambiguous: ambiguous.map((id) => ({ key: recordKey('erp', id), by: 'e-mail', why: 'two', members: [] })),
    erpOnly,
    shopOnly,
    changed: { ids: changed, vanished },
    states: {
      erp: new Map(states('erp', [...pairs.map(([erpId]) => erpId), ...ambiguous, ...erpOnly])),
      shop: new Map(states('shop', [...pairs.map(([, shopId]) => shopId), ...shopOnly])),
    },
  } as unknown as Snapshot
}

const nothingKnown = { lookup: async () => [] } as unknown as Memory
const { signal } = new AbortController()
const address = {
  connection: 'demo',
  flow: sampleFlow.name,
  directory: { generation: 1, shards: [] },
  loadId: 'load-1',
}

function pageAt(snapshot: Snapshot, position: FirstLoadPosition, limit: number) {
  return firstLoadPage(sampleFlow, snapshot, nothingKnown, { ...address, position, limit }, signal)
}

/** The whole load: each question and what its page held. */
async function goThrough(snapshot: Snapshot, limit: number): Promise<string[]> {
  const pages: string[] = []
  let position: FirstLoadPosition | null = { step: 'pairs', afterId: '' }
  while (position !== null) {
    const page: Awaited<ReturnType<typeof pageAt>> = await pageAt(snapshot, position, limit)
    const held = [...page.pairs.map(nameOf), ...(page.lookAt ?? [])]
    pages.push(`${position.step} after "${position.afterId}": ${held.join(' ')}`)
    position = page.next
  }
  return pages
}

function nameOf({ erp, shop }: Pair): string {
  const id = (state: SideState): string => (state.kind === 'present' ? state.reading.id : '')
  return [id(erp), id(shop)].filter((part) => part !== '').join('=')
}

describe('the pages of a first load (E13)', () => {
  test('E13: pairs come first, then what is ambiguous, then what only one side has', async () => {
    const snapshot = snapshotOf({ pairs: [['1', 'a']], ambiguous: ['2'], erpOnly: ['3', '4'], shopOnly: ['b'] })
    expect(await goThrough(snapshot, 10)).toEqual([
      'pairs after "": 1=a',
      'ambiguous after "": 2',
      'erpOnly after "": 3 4',
      'shopOnly after "": b',
    ])
  })

  test('E13: no page is asked for that could hold nothing, but for the first, which lists both systems', async () => {
    expect(await goThrough(snapshotOf({ erpOnly: ['3', '4', '5', '10'] }), 2)).toEqual([
      'pairs after "": ',
      'erpOnly after "": 3 4',
      'erpOnly after "4": 5 10',
    ])
    expect(await goThrough(snapshotOf({ pairs: [['1', 'a']] }), 1)).toEqual(['pairs after "": 1=a'])
    expect(await goThrough(snapshotOf({}), 10)).toEqual(['pairs after "": '])
  })

  test('E13: after a crash the load goes on behind the last id, though lists were read again and that record is gone', async () => {
    const snapshot = snapshotOf({ erpOnly: ['3', '5', '10', '11'], shopOnly: ['b'] })
    const page = await pageAt(snapshot, { step: 'erpOnly', afterId: '4' }, 2)
    expect(page.pairs.map(nameOf)).toEqual(['5', '10'])
    expect(page.next).toEqual({ step: 'erpOnly', afterId: '10' })
    const behindAll = await pageAt(snapshot, { step: 'erpOnly', afterId: '999' }, 2)
    expect(behindAll).toEqual({ pairs: [], next: { step: 'shopOnly', afterId: '' } })
  })

  test('a position names the last record of its page by the key under which it is found again', async () => {
    const snapshot = snapshotOf({ ambiguous: ['2', '3'] })
    const page = await pageAt(snapshot, { step: 'ambiguous', afterId: '' }, 1)
    expect(idOf(page.next?.afterId as `erp:${string}`)).toBe('2')
    expect((await pageAt(snapshot, page.next as FirstLoadPosition, 1)).pairs.map(nameOf)).toEqual(['3'])
  })

  test('E13: what the webshop shows otherwise than the memory knew comes last, to be looked at one by one', async () => {
    const snapshot = snapshotOf({ shopOnly: ['b'], changed: ['3', '5', '10'], vanished: 1 })
    expect(await goThrough(snapshot, 2)).toEqual([
      'pairs after "": ',
      'shopOnly after "": b',
      'changed after "": shop:3 shop:5',
      'changed after "5": shop:10',
    ])
  })

  test('how many records vanished is told once, with the first of these', async () => {
    const snapshot = snapshotOf({ changed: ['3', '5'], vanished: 1 })
    expect((await pageAt(snapshot, { step: 'changed', afterId: '' }, 1)).vanished).toBe(1)
    expect((await pageAt(snapshot, { step: 'changed', afterId: '3' }, 1)).vanished).toBeUndefined()
  })
})

describe('what the webshop shows otherwise than the memory knew (E13)', () => {
  const present = (id: string, seen: string): SideState => ({
    kind: 'present',
    reading: { ...reading('shop', {}, { id }), seen },
  })
  const states = (...all: readonly (readonly [id: string, seen: string])[]) =>
    new Map(all.map(([id, seen]) => [id, present(id, seen)]))
  const linked = (shopId: string, shopSeen: string) => ({ kind: 'linked', shopId, shopSeen, flags: '' }) as Row

  test('an edited record and one that is gone are told, one that is as it was is not', () => {
    const rows = [linked('a', 'as it was'), linked('b', 'before'), linked('c', 'before')]
    expect(changedInShop(states(['a', 'as it was'], ['b', 'after'], ['new', 'x']), rows)).toEqual({
      ids: ['b', 'c'],
      vanished: 1,
    })
  })

  test('a listed record that was mended is told; one whose create is under way, or that is known to be gone, is not', () => {
    const rows = [
      { kind: 'seen', side: 'shop', id: 'a', seen: 'refused', reason: 'refused' },
      { kind: 'creating', side: 'shop', id: 'b' },
      { kind: 'gone', erpId: '1', shopId: 'c', seen: '', gone: 'shop' },
    ] as Row[]
    expect(changedInShop(states(['a', 'mended'], ['b', 'x']), rows)).toEqual({ ids: ['a'], vanished: 0 })
  })
})
