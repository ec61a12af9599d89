import { expect, test } from 'vitest'
import { runChaos } from '../../chaos/run-chaos.ts'

/** A run that never settled differs in hundreds of records: enough of them to see what kind it is. */
const findingsShown = 5

test('with two workers, kills, sleeps and failing requests, people on both sides lose nothing, find nothing twice and see the same', async () => {
  const said: string[] = []
  const began = Date.now()
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
    (words) => said.push(`${Math.round((Date.now() - began) / 1_000)} s: ${words}`),
  )
  const { lost, duplicated, diverged, settledAfterSeconds, quietWrites } = report
  const about = JSON.stringify(
    { settledAfterSeconds, findings: report.findings.slice(0, findingsShown), inbox: report.inbox, said },
    null,
    2,
  )
  expect({ lost, duplicated, diverged, quietWrites }, about).toEqual({
    lost: 0,
    duplicated: 0,
    diverged: 0,
    quietWrites: 0,
  })
  expect(settledAfterSeconds, about).not.toBeNull()
  // The run did attack, and there was something to lose.
  expect(report.faults['requests that met a planned fault']).toBeGreaterThan(0)
  expect(Object.values(report.operations).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(100)
  expect(report.records['order lines']).toBeGreaterThan(10)
}, 1_500_000)
