import { describe, expect, test } from 'vitest'
import { flowRunIsLong, leafRunIsLong } from '../workflows/engine/run-length.ts'

const run = (historyLength: number, continueAsNewSuggested = false) => ({ historyLength, continueAsNewSuggested })
const resting = (): boolean => true
const busy = (): boolean => false

describe('E25: a flow continues as new', () => {
  const usual = { maxEvents: 0, isLimited: true }

  test('at rest after 200 events', () => {
    expect(flowRunIsLong(run(200), usual, resting)).toBe(false)
    expect(flowRunIsLong(run(201), usual, resting)).toBe(true)
  })

  test('after 1,000 where it never rests, so that whoever takes over has soon replayed it', () => {
    expect(flowRunIsLong(run(1_000), usual, busy)).toBe(false)
    expect(flowRunIsLong(run(1_001), usual, busy)).toBe(true)
  })

  test('later where it began before there was such a limit: its history must be replayed as it was', () => {
    const earlier = { ...usual, isLimited: false }
    expect(flowRunIsLong(run(3_000), earlier, busy)).toBe(false)
    expect(flowRunIsLong(run(3_000, true), earlier, busy)).toBe(true)
  })

  test('sooner where somebody chose so, or the server says so', () => {
    expect(flowRunIsLong(run(51), { ...usual, maxEvents: 50 }, busy)).toBe(true)
    expect(flowRunIsLong(run(50), { ...usual, maxEvents: 50 }, busy)).toBe(false)
    expect(flowRunIsLong(run(10, true), usual, busy)).toBe(true)
  })
})

describe('E8: a leaf of the memory continues as new', () => {
  const usual = { maxBytes: 1_000, isLimited: true }
  const leaf = (historyLength: number, historySize: number) => ({ ...run(historyLength), historySize })

  test('after 500 events, or once its history is long for what it holds', () => {
    expect(leafRunIsLong(leaf(500, 1_000), usual)).toBe(false)
    expect(leafRunIsLong(leaf(501, 10), usual)).toBe(true)
    expect(leafRunIsLong(leaf(10, 1_001), usual)).toBe(true)
  })

  test('later where it began before there was such a limit', () => {
    expect(leafRunIsLong(leaf(2_000, 10), { ...usual, isLimited: false })).toBe(false)
  })
})
