import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { anySchedule, type Command } from './simulation/schedule.ts'
import { simulate } from './simulation/simulate.ts'

// The engine's own code runs; in the place of the SDK stands what plays a server's part in virtual time.
vi.mock('@temporalio/workflow', async (original) => ({
  ...(await original<object>()),
  ...(await import('./simulation/workflow-sdk.ts')).workflowSdk,
}))
vi.mock('@temporalio/activity', async (original) => ({
  ...(await original<object>()),
  ...(await import('./simulation/activity-sdk.ts')).activitySdk,
}))

/** Of the gate; `npm run simulate` plays more. */
const schedules = Number(process.env['SIMULATE_SCHEDULES'] ?? 120)
const seed = Number(process.env['SIMULATE_SEED'] ?? 1)

test(`in ${schedules} schedules of edits, faults and crashes (seed ${seed}) nothing is lost, doubled, different or written for nothing`, async () => {
  const sum = { events: 0, faults: 0, writes: 0, outcomes: 0 }
  await fc.assert(
    fc.asyncProperty(anySchedule, async (schedule) => {
      const { problems, events, writes, outcomes, faults } = await simulate(schedule)
      sum.events += events
      sum.writes += writes
      sum.outcomes += outcomes
      sum.faults += Object.values(faults).reduce((total, count) => total + count, 0)
      // Making it shorter takes a while: whoever waits sees what it is about.
      if (problems.length > 0) process.stdout.write(`${problems.join('; ')}: ${JSON.stringify(schedule)}\n`)
      expect(problems).toEqual([])
    }),
    { numRuns: schedules, seed },
  )
  process.stdout.write(`${schedules} schedules: ${JSON.stringify(sum)}\n`)
  // One that never writes, or whose faults strike nothing, would find nothing either.
  expect(Math.min(sum.writes, sum.outcomes)).toBeGreaterThan(schedules)
  expect(sum.faults).toBeGreaterThan(schedules)
}, 3_600_000)

test('E9: two records of one pair that two batches hold at the same moment are linked by the next look, not given back in turn', async () => {
  const edit = { kind: 'edit', field: 'name', isRevert: false } as const
  const { problems, events } = await simulate({
    seed: 3,
    hasSweeps: true,
    comparesTests: true,
    keepsCodesUnique: false,
    commands: [
      { kind: 'create', after: 55, on: 'both', hasCode: false },
      { ...edit, after: 32, on: 'shop', which: 2, slowMs: 0 },
      { ...edit, after: 2, on: 'erp', which: 6, slowMs: 7_778 },
    ],
  })
  expect(problems).toEqual([])
  // In turn it took more than ten thousand.
  expect(events).toBeLessThan(1_000)
})

test.each([
  { when: 'during a first load', comes: [] },
  {
    when: 'while the sync carries it over',
    comes: [
      { kind: 'wait', after: 0, ms: 20_000 },
      { kind: 'create', after: 0, on: 'erp', hasCode: true },
      { kind: 'create', after: 0, on: 'shop', hasCode: true },
    ],
  },
] as const)(
  'E18: what people make in the other system as well $when is linked, or listed where the two requests cross, and never made again while it stands there',
  async ({ comes }) => {
    const problems: string[] = []
    for (const on of ['erp', 'shop'] as const)
      for (let after = 0; after < 60; after += 2)
        for (const keepsCodesUnique of [true, false]) {
          const commands: Command[] = [...comes, { kind: 'twin', after, on, which: 0 }]
          const world = { seed: after, hasSweeps: true, comparesTests: true, keepsCodesUnique, commands }
          problems.push(...(await simulate(world)).problems)
        }
    expect(problems).toEqual([])
  },
  600_000,
)

test('E18: whoever a late create of ours leaves without a counterpart is listed', async () => {
  const { problems } = await simulate({
    seed: 12,
    hasSweeps: true,
    comparesTests: false,
    keepsCodesUnique: false,
    commands: [
      { kind: 'edit', after: 48, on: 'shop', which: 0, field: 'name', isRevert: false, slowMs: 0 },
      { kind: 'fault', after: 4, on: 'shop', what: 'write', fault: 'late', ms: 3601 },
      { kind: 'edit', after: 3, on: 'erp', which: 7, field: 'name', isRevert: true, slowMs: 0 },
      { kind: 'twin', after: 11, on: 'shop', which: 0 },
      { kind: 'edit', after: 7, on: 'erp', which: 0, field: 'name', isRevert: false, slowMs: 0 },
      { kind: 'create', after: 10, on: 'erp', hasCode: true },
      { kind: 'fault', after: 0, on: 'erp', what: 'write', fault: 'lostAfter', ms: 1475 },
    ],
  })
  expect(problems).toEqual([])
})

test('E18: a create that a dying worker left on its way is not sent again before it must have arrived', async () => {
  const problems: string[] = []
  for (let after = 0; after < 120; after += 2) {
    const commands: Command[] = [
      { kind: 'wait', after: 0, ms: 20_000 },
      { kind: 'create', after: 0, on: 'shop', hasCode: true },
      // It arrives after eighteen seconds; the next attempt begins ten seconds after the last sign of life.
      { kind: 'fault', after: 0, on: 'erp', what: 'write', fault: 'slow', ms: 36_000 },
      { kind: 'crash', after },
    ]
    const world = { seed: after, hasSweeps: true, comparesTests: true, keepsCodesUnique: false, commands }
    problems.push(...(await simulate(world, { keepsReferencesUnique: false })).problems)
  }
  expect(problems).toEqual([])
})
