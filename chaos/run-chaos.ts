import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { seededRandom } from '../test/support/seeded-random.ts'
import { runAdversary } from './adversary.ts'
import { type ChaosArguments, commandFor } from './arguments.ts'
import { compare, type Finding } from './check/compare.ts'
import { readSystems } from './check/read-systems.ts'
import { openDirectory } from './load/directory.ts'
import { emptyLedger, type Ledger } from './load/ledger.ts'
import { runLoad } from './load/run-load.ts'
import { mutatedCopy } from './mutations.ts'
import type { ChaosReport } from './report.ts'
import { type ChaosWorld, startChaosWorld } from './world.ts'

/** From the end of the load to rest, at least; what takes longer is reported as not settled. */
const settleWithinMs = 300_000
/** All flows rest and the same things differ for so many looks, a second apart: nobody will mend them any more. */
const hopelessAfter = 60
/** Longer than several polls of both sides: whoever still wants to write does it now. */
const quietRoundMs = 8_000
const caretakerEveryMs = 5_000
/** A run of an hour says how far it has come. */
const progressEveryMs = 60_000

/** One run from start to verdict; everything it started is gone afterwards. */
export async function runChaos(options: ChaosArguments, say: (words: string) => void): Promise<ChaosReport> {
  const copies = mkdtempSync(join(tmpdir(), 'kobling-mutation-'))
  const workerRoot = options.mutation === null ? null : mutatedCopy(options.mutation, copies)
  const world = await startChaosWorld({
    seed: options.seed,
    workerRoot,
    switches: options.switches,
    keep: options.keep,
    say,
  })
  try {
    return await attack(world, options, say)
  } finally {
    await world.close()
    rmSync(copies, { recursive: true, force: true })
  }
}

async function attack(world: ChaosWorld, options: ChaosArguments, say: (words: string) => void): Promise<ChaosReport> {
  const ledger = emptyLedger()
  const { erp, shop } = world
  const systems = { erp, shop, directory: openDirectory(shop) }
  const durationMs = options.minutes * 60_000
  let isOver = false
  say(`load and faults for ${options.minutes} min, ${options.kills} kills`)
  const began = Date.now()
  const { rate, people } = options
  const randomOf = (person: number) => seededRandom(options.seed + 2_000_000 * person)
  const load = runLoad({ systems, ledger, mostRecords: options.records }, { rate, people, randomOf }, () => isOver)
  const adversary = runAdversary(world, seededRandom(options.seed + 1_000_000), {
    kills: options.kills,
    durationMs,
  }).finally(() => {
    isOver = true
  })
  const caretaker = startCaretaker(world, say)
  const progress = setInterval(() => {
    const minutes = Math.round((Date.now() - began) / 60_000)
    say(`${minutes} min: ${ledger.operations} edits of ${ledger.records.length} records`)
  }, progressEveryMs)
  const [counts, faults] = await Promise.all([load, adversary])
    .finally(() => clearInterval(progress))
    .catch(async (error: unknown) => {
      // Nobody looks after a world that goes away.
      await caretaker.end()
      throw error
    })
  const hits = await world.endFaults()
  const webhooks = await world.webhooks()
  const loadSeconds = Math.round((Date.now() - began) / 1_000)
  say(`load over after ${loadSeconds} s, ${ledger.operations} edits of ${ledger.records.length} records; settling`)

  // What went on for an hour may leave more behind than a run of minutes.
  const settledAfterSeconds = await settle(world, ledger, Math.max(settleWithinMs, options.minutes * 15_000), say)
  const resumed = await caretaker.end()
  const before = await writes(world)
  await pause(quietRoundMs)
  const quietWrites = (await writes(world)) - before
  const entries = await world.inbox().catch(() => [])
  const shown = await readSystems(erp, shop)
  const findings = compare(ledger, shown)
  return {
    seed: options.seed,
    command: commandFor(options),
    without: options.mutation?.name ?? null,
    faults: {
      ...faults,
      'requests that met a planned fault': hits,
      ...(resumed > 0 ? { 'breakers that people lifted': resumed } : {}),
    },
    operations: counts.done,
    refusedPeople: counts.refused,
    webhooks,
    records: {
      customers: ledger.records.filter(({ entity }) => entity === 'customer').length,
      products: ledger.records.filter(({ entity }) => entity === 'product').length,
      orders: ledger.records.filter(({ entity }) => entity === 'order').length,
      'order lines': ledger.records.reduce((sum, { lines }) => sum + lines.length, 0),
      'shown in PowerOffice': shown.erp.length,
      'shown in the webshop': shown.shop.length,
    },
    lost: countOf(findings, 'lost'),
    duplicated: countOf(findings, 'duplicated'),
    diverged: countOf(findings, 'diverged'),
    findings: findings.map((finding) => ({ ...finding, history: historyOf(ledger, finding.mark) })),
    settledAfterSeconds,
    quietWrites,
    falseAlarms: entries.filter(
      ({ reason, erpId, shopId }) =>
        reason === 'vanished' && shown.erp.some(({ id }) => id === erpId) && shown.shop.some(({ id }) => id === shopId),
    ).length,
    loadSeconds,
    inbox: entries.map(
      ({ reason, erpId, shopId, detail }) => `${reason} ${erpId ?? '-'} / ${shopId ?? '-'}: ${detail}`,
    ),
  }
}

/**
 * The load deletes records on purpose, and what a flow finds gone at once after an outage may trip its breaker: somebody looks now
 * and then, and lets it go on. Were anything not really gone, the checker would find it lost.
 */
function startCaretaker(world: ChaosWorld, say: (words: string) => void) {
  const leaving = new AbortController()
  let lifted = 0
  const rounds = (async () => {
    while (!leaving.signal.aborted) {
      await pause(caretakerEveryMs, undefined, { signal: leaving.signal }).catch(() => undefined)
      // No answer while workers and server are dead.
      const flows = await world.resumeTripped().catch(() => [])
      lifted += flows.length
      for (const { flow, why } of flows) say(`${flow} was paused by its breaker, and goes on: ${why}`)
    }
  })()
  return {
    end: async (): Promise<number> => {
      leaving.abort()
      await rounds
      return lifted
    },
  }
}

/**
 * Waits until every flow rests and nothing is to be found.
 * @returns after how many seconds; null: not in the time given, or at rest with findings that stay
 */
async function settle(
  world: ChaosWorld,
  ledger: Ledger,
  withinMs: number,
  say: (words: string) => void,
): Promise<number | null> {
  const began = Date.now()
  let calm = 0
  let hopeless = { looks: 0, found: '' }
  for (let round = 0; Date.now() - began < withinMs; round += 1) {
    await pause(1_000)
    try {
      const statuses = await world.statuses()
      const restless = statuses.filter(
        ({ phase, lookAgain, inHand, inboxCount }) =>
          phase !== 'live' || lookAgain.count > 0 || inHand > 0 || inboxCount.waitsByItself > 0,
      )
      const findings = compare(ledger, await readSystems(world.erp, world.shop))
      calm = restless.length === 0 && findings.length === 0 ? calm + 1 : 0
      if (calm >= 3) return Math.round((Date.now() - began) / 1_000)
      const found = JSON.stringify(findings)
      const isStill = restless.length === 0 && findings.length > 0 && found === hopeless.found
      hopeless = { looks: isStill ? hopeless.looks + 1 : 0, found }
      if (hopeless.looks >= hopelessAfter) return null
      if (round % 15 === 14)
        say(
          `${findings.length} findings; ${restless.map(({ flow, phase, lookAgain, inHand }) => `${flow} ${phase}, ${lookAgain.count} to look at, ${inHand} in hand`).join('; ') || 'all at rest'}`,
        )
    } catch (error) {
      say(`not yet: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  return null
}

async function writes({ erp, shop }: ChaosWorld): Promise<number> {
  return (await erp.writes()) + (await shop.writes())
}

function countOf(findings: readonly Finding[], kind: Finding['kind']): number {
  return findings.filter((finding) => finding.kind === kind).length
}

/** What people did to a record, for the one who looks for the cause. */
function historyOf(ledger: Ledger, mark: string): string[] {
  const record = ledger.records.find((each) => each.mark === mark)
  if (record === undefined) return []
  const edits = [record, ...record.lines].flatMap((part) =>
    Object.entries(part.writes).flatMap(([field, list]) =>
      list.map(({ operation, side, value, atMs }) => ({
        operation,
        text: `${timeOf(atMs)} #${operation} ${side}: ${part.mark} ${field} = ${value}`,
      })),
    ),
  )
  const removals = record.lines.flatMap(({ mark, removedBy }) =>
    removedBy
      ? [
          {
            operation: removedBy.operation,
            text: `${timeOf(removedBy.atMs)} #${removedBy.operation} ${removedBy.side}: ${mark} removed`,
          },
        ]
      : [],
  )
  return [
    `made in ${record.createdOn} as ${record.id}`,
    ...record.lines.flatMap((line) =>
      line.isAdded ? [`${timeOf(line.madeAtMs)} ${line.createdOn}: ${line.mark} added`] : [],
    ),
    ...[...edits, ...removals].toSorted((one, other) => one.operation - other.operation).map(({ text }) => text),
  ]
}

/** Hours to milliseconds, UTC, as the Temporal server's histories show times. */
function timeOf(atMs: number | undefined): string {
  return atMs === undefined ? '' : new Date(atMs).toISOString().slice(11, 23)
}
