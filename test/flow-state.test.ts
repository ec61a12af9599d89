import { describe, expect, test } from 'vitest'
import { FLOW_STATE_VERSION } from '../flows/state-version.ts'
import { type FlowState, linksOf, migrate, phaseOf } from '../workflows/engine/flow-state.ts'
import { flowInput, freshState } from './support/fresh-state.ts'

describe('E25: everything after a run’s start can be done again from its carried state', () => {
  test('a flow that starts from nothing begins with its first load, and with no leaf, cursor or link', () => {
    expect(freshState).toMatchObject({
      v: FLOW_STATE_VERSION,
      directory: { generation: 1, shards: [] },
      cursors: { erp: null, shop: null },
      load: { position: { step: 'pairs', afterId: '' }, loadId: 'run-1', startedAt: 1_000, endedAt: null },
      approved: null,
      stopped: false,
      firstApplyDone: false,
    })
    expect([phaseOf(freshState), linksOf(freshState)]).toEqual(['initial', 0])
  })

  test('state is plain JSON: written out and read in it is the same', () => {
    expect(JSON.parse(JSON.stringify(freshState))).toEqual(freshState)
  })

  test('the next run carries on with the same state, however it travelled', () => {
    const carried: FlowState = { ...freshState, linked: { 0: 7, 1: 2 }, stopped: true, lookAgain: [] }
    const next = migrate(JSON.parse(JSON.stringify(carried)) as FlowState, { atMs: 9_000, runId: 'run-2' })
    expect(next).toEqual({ ...carried, runOrdinal: 2, runs: [...carried.runs, { ordinal: 2, runId: 'run-2' }] })
    expect(linksOf(next)).toBe(9)
  })

  test('migrating changes nothing of what it was given', () => {
    const before = JSON.stringify(freshState)
    migrate(freshState, { atMs: 9_000, runId: 'run-2' })
    expect(JSON.stringify(freshState)).toBe(before)
  })
})

describe('E27: rows point to run ordinals', () => {
  function afterRuns(count: number): FlowState {
    let state = migrate(flowInput, { atMs: 1, runId: 'run-1' })
    for (let run = 2; run <= count; run++) state = migrate(state, { atMs: run, runId: `run-${run}` })
    return state
  }

  test('every run has the next ordinal, and the flow knows its run id', () => {
    const { runs, runOrdinal } = afterRuns(3)
    expect(runs).toEqual([1, 2, 3].map((ordinal) => ({ ordinal, runId: `run-${ordinal}` })))
    expect(runOrdinal).toBe(3)
  })

  test('five hundred runs are known; ordinals go on beyond them', () => {
    const { runs, runOrdinal } = afterRuns(502)
    expect([runs.length, runs[0], runs.at(-1), runOrdinal]).toEqual([
      500,
      { ordinal: 3, runId: 'run-3' },
      { ordinal: 502, runId: 'run-502' },
      502,
    ])
  })
})

describe('the phase that people see', () => {
  const paused: Partial<FlowState> = { pauseReasons: [{ kind: 'person', by: 'Kari', why: 'lunch', at: 1 }] }
  const blocked: Partial<FlowState> = { trouble: { type: 'Unreachable', where: 'erp', message: 'It does not answer.' } }
  const live: Partial<FlowState> = { load: { ...freshState.load, position: null } }

  test.each([
    ['stopped', { ...paused, ...blocked, ...live, stopped: true }],
    ['paused', { ...paused, ...blocked, ...live }],
    ['blocked', { ...blocked, ...live }],
    ['live', live],
    ['initial', {}],
  ] as const)('%s outweighs what comes after it in this list', (phase, rest) => {
    expect(phaseOf({ ...freshState, ...rest })).toBe(phase)
  })
})
