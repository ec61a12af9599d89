import { allFlows } from '../../flows/registry.ts'
import type { Settings } from '../../flows/settings.ts'
import { consoleUrl } from '../addresses.ts'
import { type CommandContext, withClient } from '../command-context.ts'
import { CommandFailure } from '../command-failure.ts'
import type { ConnectedClient } from '../connect.ts'
import { powerOfficeCall } from '../console/systems/power-office-call.ts'
import { powerOfficeRecords } from '../console/systems/power-office-records.ts'
import { SystemRefusal } from '../console/systems/system-records.ts'
import { webshopRecords } from '../console/systems/webshop-records.ts'
import { findFlow } from '../find-flows.ts'
import { type FlowDesk, openFlowDesk } from '../flow-desk.ts'
import { choosePair } from './choose-pair.ts'
import { createShopRecord } from './create-shop-record.ts'
import { tokenCommand } from './curl.ts'
import { bothSidesDifferentFields, bothSidesSameField, editLeft, editRight } from './edits.ts'
import { killedWorker } from './killed-worker.ts'
import { orderFromErp, orderFromShop } from './orders.ts'
import { pauseForKey } from './pause-for-key.ts'
import { refusedRecord } from './refused-record.ts'
import { replayedHistory } from './replayed-history.ts'
import { runStep } from './run-step.ts'
import type { TourStep, TourWorld } from './tour-step.ts'
import { waitFor } from './wait-for.ts'

export const tourSteps: readonly TourStep[] = [
  editLeft,
  editRight,
  bothSidesDifferentFields,
  bothSidesSameField,
  refusedRecord,
  orderFromShop,
  orderFromErp,
  killedWorker,
  replayedHistory,
]

/** The first load of the seeds takes seconds; a minute covers a slow machine. */
// A first load of hundreds of records at PowerOffice's rate takes minutes on a busy machine.
const liveWithinMs = 240_000

/** Shows what the product does and checks every claim. Throws CommandFailure with the step that did not come true. */
export async function runTour(context: CommandContext, { pause }: { readonly pause: boolean }): Promise<void> {
  await withClient(context, async (connected, settings) => {
    const world = await openWorld(context, connected, settings)
    context.say(
      `The tour edits ${world.pair.label}: ${world.pair.erpId} in PowerOffice, ${world.pair.shopId} in the webshop.`,
    )
    context.say(`Watch it at ${consoleUrl(settings, `/flows/${world.desk.definition.name}?q=${world.pair.erpId}`)}`)
    for (const [index, step] of tourSteps.entries()) {
      if (pause) await pauseForKey(context)
      context.say('')
      context.say(context.paint('bold', `${index + 1}/${tourSteps.length}  ${step.name}`))
      await runStep(step, world)
    }
    context.say('')
    context.say(context.paint('green', `The tour is over: all ${tourSteps.length} steps came true.`))
  })
}

async function openWorld(context: CommandContext, { client }: ConnectedClient, settings: Settings): Promise<TourWorld> {
  if (!settings.powerOffice.sandbox || !settings.webshop.sandbox) {
    throw new CommandFailure(
      'The tour edits records, so it runs on the sandboxes only: unset POWEROFFICE_BASE_URL and WEBSHOP_BASE_URL, then `npm start`.',
    )
  }
  const definition = findFlow('customers')
  const desk = openFlowDesk(client, settings, definition)
  // The customers first: their edits need them only, and a flow that was never started is named.
  await assertLive(context, desk)
  for (const other of allFlows) {
    if (other.name !== definition.name) await assertLive(context, openFlowDesk(client, settings, other))
  }
  const call = powerOfficeCall(settings.powerOffice)
  const erp = powerOfficeRecords(settings.powerOffice, definition.erpCollection, call)
  const shop = webshopRecords(settings.webshop, definition.shopCollection)
  const pair = await choosePair(client, settings, desk, { erp, shop }).catch((error: unknown) => {
    throw error instanceof SystemRefusal ? new CommandFailure(error.message) : error
  })
  const command = (line: string) => context.say(`  $ ${line}`)
  let hasToken = false
  return {
    context,
    settings,
    desk,
    call,
    erp,
    shop: { ...shop, create: (json) => createShopRecord(settings.webshop, definition.shopCollection, json) },
    pair,
    stamp: String(context.now()).slice(-10, -3),
    command,
    token() {
      if (!hasToken) command(tokenCommand(settings))
      hasToken = true
    },
    saw: (line) => context.say(`  ${line}`),
    link: (url) => context.say(context.paint('dim', `  see ${url}`)),
  }
}

async function assertLive(context: CommandContext, desk: FlowDesk): Promise<void> {
  const { phase, flow } = await desk.status()
  if (phase === 'paused' || phase === 'stopped') {
    throw new CommandFailure(
      `The flow ${flow} is ${phase}: \`kobling ${phase === 'paused' ? 'resume' : 'start'} ${flow}\` first.`,
    )
  }
  await waitFor(`The flow ${flow} being live`, async () => (await desk.status()).phase === 'live', {
    withinMs: liveWithinMs,
    signal: context.signal,
  })
}
