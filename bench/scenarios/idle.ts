import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { inventCustomers } from '../customers.ts'
import type { Figure, Scenario } from '../figure.ts'
import { readHistories, totalOf } from '../histories.ts'
import { inWorld } from '../world.ts'

const RECORDS = 200
const OBSERVED_MS = 75_000
const HOUR_MS = 3_600_000
const WATCHES = 2
/** A watch's return: its own three events and a workflow task's three. */
const EVENTS_A_RETURN = 6

export const idle: Scenario = {
  name: 'idle',
  title: `an idle flow of ${RECORDS} links, polled every 2 s and swept every 10 s, watched for ${OBSERVED_MS / 1_000} s`,
  run: (ground) =>
    inWorld(ground, { timing: { sweepMs: 10_000, graceMs: 5_000 }, webhooks: true }, async (world) => {
      await world.fillErp(inventCustomers(RECORDS))
      await world.startWorker()
      await world.startFlow()
      await world.settled()
      // The watches see the load's own writes once more, and the first sweep comes back.
      await pause(15_000)
      const before = totalOf(await readHistories(world))
      await world.erp.ask('reset')
      await pause(OBSERVED_MS)
      const after = totalOf(await readHistories(world))
      const { byRoute } = await world.erp.ask<{ byRoute: Record<string, number> }>('report')
      const lists = Object.values(byRoute).reduce((total, count) => total + count, 0)
      return figuresOf(after.events - before.events, lists)
    }),
}

function figuresOf(added: number, lists: number): Figure[] {
  const returnAfterMs = readReturnAfterMs()
  const computed = (WATCHES * EVENTS_A_RETURN * HOUR_MS) / returnAfterMs
  return [
    {
      name: `history events in ${OBSERVED_MS / 1_000} idle seconds, flow and leaves`,
      value: added,
      unit: 'events',
      how: 'measured',
      target: { atMost: 0 },
      note: `PowerOffice was asked ${lists} times meanwhile`,
    },
    {
      name: 'history events an idle hour',
      value: computed + (added * HOUR_MS) / OBSERVED_MS,
      unit: 'events',
      how: 'computed',
      target: { atMost: 12 },
      note: `${WATCHES} watches return every ${returnAfterMs / 60_000} min with ${EVENTS_A_RETURN} events each, plus what was measured, scaled to the hour`,
    },
  ]
}

/** Read from the code, so that the figure moves with the constant. */
function readReturnAfterMs(): number {
  const code = readFileSync(new URL('../../activities/watch/watch-side.ts', import.meta.url), 'utf8')
  const digits = /RETURN_AFTER_MS = ([\d_]+)/.exec(code)?.[1]
  if (digits === undefined) throw new Error('activities/watch/watch-side.ts no longer says RETURN_AFTER_MS')
  return Number(digits.replaceAll('_', ''))
}
