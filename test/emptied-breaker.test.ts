import { describe, expect, test } from 'vitest'
import { withEmptied, withEmptyingAllowed } from '../workflows/engine/emptied-breaker.ts'
import { freshState } from './support/fresh-state.ts'
import { reading, reconcileOf, sampleFlow } from './support/pair-samples.ts'

const clearing = reconcileOf({ erp: reading('erp', { name: null }), writeShop: ['name'] })
const editing = reconcileOf({ erp: reading('erp', { name: 'new' }), writeShop: ['name'] })
const times = <T>(count: number, item: T): T[] => Array.from({ length: count }, () => item)
const small = { ...freshState, linked: { 0: 300 } }
const large = { ...freshState, linked: { 0: 5_000 } }

describe('E20: the same field emptied on many records', () => {
  test('more than twenty at once trip the breaker, which names the field and the side', () => {
    const { trippedBy } = withEmptied(sampleFlow, small, times(21, clearing), 1_000)
    expect(trippedBy).toContain('name was emptied on 21 records in PowerOffice at once')
  })

  test('twenty do not, nor do any number of other edits', () => {
    expect(withEmptied(sampleFlow, small, times(20, clearing), 1_000).trippedBy).toBeNull()
    expect(withEmptied(sampleFlow, small, times(500, editing), 1_000).trippedBy).toBeNull()
  })

  test('what comes in several batches within ten minutes is one event; later it is another', () => {
    const first = withEmptied(sampleFlow, small, times(15, clearing), 1_000)
    expect(withEmptied(sampleFlow, first.state, times(15, clearing), 300_000).trippedBy).not.toBeNull()
    expect(withEmptied(sampleFlow, first.state, times(15, clearing), 700_000).trippedBy).toBeNull()
  })

  test('in a large flow the limit is two percent of its links', () => {
    expect(withEmptied(sampleFlow, large, times(100, clearing), 1_000).trippedBy).toBeNull()
    expect(withEmptied(sampleFlow, large, times(101, clearing), 1_000).trippedBy).not.toBeNull()
  })

  test('a person who resumes after it means it: it does not trip again within the hour', () => {
    const paused = {
      ...small,
      pauseReasons: [{ kind: 'breaker' as const, by: 'kobling', why: 'name was emptied', at: 1_000 }],
    }
    const allowed = withEmptyingAllowed(paused, 2_000)
    expect(withEmptied(sampleFlow, allowed, times(21, clearing), 3_000).trippedBy).toBeNull()
    expect(withEmptied(sampleFlow, allowed, times(21, clearing), 3_700_000).trippedBy).not.toBeNull()
  })
})
