import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { runChaos } from '../../chaos/run-chaos.ts'

/** A run that never settled differs in hundreds of records: enough of them to see what kind it is. */
const findingsShown = 5
const logShown = 2_000
const folder = mkdtempSync(join(tmpdir(), 'kobling-chaos-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

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
      keep: folder,
    },
    (words) => said.push(`${Math.round((Date.now() - began) / 1_000)} s: ${words}`),
  )
  const { lost, duplicated, diverged, settledAfterSeconds, quietWrites } = report
  if (lost + duplicated + diverged + quietWrites > 0 || settledAfterSeconds === null) {
    const findings = report.findings.slice(0, findingsShown)
    console.log(JSON.stringify({ settledAfterSeconds, findings, inbox: report.inbox, said }, null, 2))
    for (const words of lastWords()) console.log(words)
  }
  expect({ lost, duplicated, diverged, quietWrites }).toEqual({ lost: 0, duplicated: 0, diverged: 0, quietWrites: 0 })
  expect(settledAfterSeconds).not.toBeNull()
  // The run did attack, and there was something to lose.
  expect(report.faults['requests that met a planned fault']).toBeGreaterThan(0)
  expect(Object.values(report.operations).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(100)
  expect(report.webhooks.taken).toBeGreaterThan(10)
  expect(report.records['order lines']).toBeGreaterThan(10)
}, 1_500_000)

/** Ends of the logs of everything that ran: they go away with the folder. */
function lastWords(): string[] {
  const logs = readdirSync(folder).filter((name) => name.endsWith('.log'))
  return logs.map((name) => `${name}: ${readFileSync(join(folder, name), 'utf8').slice(-logShown)}`)
}
