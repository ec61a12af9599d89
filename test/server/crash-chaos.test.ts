import { expect, test } from 'vitest'
import { runChaos } from '../../chaos/run-chaos.ts'

test('with two workers, kills, sleeps and failing requests, people on both sides lose nothing, find nothing twice and see the same', async () => {
  const report = await runChaos(
    {
      seed: 1,
      minutes: 1,
      kills: 6,
      rate: 8,
      people: 1,
      records: 2_000,
      json: false,
      mutation: null,
      switches: {},
      keep: null,
    },
    () => undefined,
  )
  const { findings, settledAfterSeconds, quietWrites, inbox } = report
  expect({ findings, quietWrites, inbox: settledAfterSeconds === null ? inbox : [] }).toEqual({
    findings: [],
    quietWrites: 0,
    inbox: [],
  })
  expect(settledAfterSeconds).not.toBeNull()
  // The run did attack, and there was something to lose.
  expect(report.faults['requests that met a planned fault']).toBeGreaterThan(0)
  expect(Object.values(report.operations).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(100)
  expect(report.records['order lines']).toBeGreaterThan(10)
}, 1_500_000)
