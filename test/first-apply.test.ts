import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { waitBeforeApply } from '../workflows/engine/first-apply.ts'
import type { FlowState } from '../workflows/engine/flow-state.ts'
import { freshState } from './support/fresh-state.ts'

const afterEarlierRun: FlowState = { ...freshState, options: { ...freshState.options, hadEarlierRun: true } }

/** What applies wait that begin at these times, one after another. */
function waits(start: FlowState, times: readonly number[]): number[] {
  let state = start
  return times.map((nowMs) => {
    const answer = waitBeforeApply(state, nowMs)
    // Carried through a new run, as JSON.
    state = JSON.parse(JSON.stringify(answer.state)) as FlowState
    return answer.waitFirstMs
  })
}

describe('E24: a flow that was started where an earlier run had ended', () => {
  test('waits ten seconds before its first apply, and then no more', () => {
    expect(waits(afterEarlierRun, [5_000, 15_000, 15_001, 90_000])).toEqual([10_000, 0, 0, 0])
  })

  test('lanes that begin beside the first wait for the same moment', () => {
    expect(waits(afterEarlierRun, [5_000, 5_000, 5_000, 9_000])).toEqual([10_000, 10_000, 10_000, 6_000])
  })

  test('writes nothing within ten seconds of its first apply, whenever others begin', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 20_000 }), { minLength: 1, maxLength: 8 }), (gaps) => {
        const times = gaps.map((_, index) => gaps.slice(0, index + 1).reduce((sum, gap) => sum + gap, 0))
        const writes = waits(afterEarlierRun, times).map((wait, index) => (times[index] ?? 0) + wait)
        expect(Math.min(...writes)).toBe((times[0] ?? 0) + 10_000)
      }),
    )
  })

  test('one without an earlier run waits for nobody', () => {
    expect(waits(freshState, [5_000, 5_000, 9_000])).toEqual([0, 0, 0])
  })
})
