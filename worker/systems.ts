import { createPowerOfficeConnector } from '../activities/poweroffice/connector.ts'
import type { Systems, SystemsOf } from '../activities/systems/systems.ts'
import { createWebshopConnector } from '../activities/webshop/connector.ts'
import { type FlowName, flowNames } from '../flows/flow-definition.ts'
import type { Settings } from '../flows/settings.ts'

/** References hold at most 50 characters: prefix, colon, an id of 40 and `~2` (rule 12). */
const PREFIX_CHARACTERS = 7

/** The two systems that the settings name. Both connectors live as long as the process: they hold tokens and rates. */
export function createSystems(settings: Settings): Systems {
  const { powerOffice, webshop, options } = settings
  return {
    erp: createPowerOfficeConnector({
      baseUrl: powerOffice.baseUrl,
      tokenUrl: powerOffice.tokenUrl,
      applicationKey: powerOffice.applicationKey,
      clientKey: powerOffice.clientKey,
      subscriptionKey: powerOffice.subscriptionKey,
      requestsPerSecond: powerOffice.requestsPerSecond,
      referencePrefix: settings.connection.slice(0, PREFIX_CHARACTERS),
      options,
    }),
    shop: createWebshopConnector({ baseUrl: webshop.baseUrl, apiKey: webshop.apiKey, options }),
  }
}

export function systemsByConnection(settings: Settings): SystemsOf {
  const systems = createSystems(settings)
  return (connection) => {
    if (connection === settings.connection) return systems
    throw new Error(`connection ${connection} is not configured in this process, which serves ${settings.connection}`)
  }
}

/** Requests of one poll of PowerOffice: products are asked for twice, orders with what was invoiced and paid. */
const requestsPerPoll: Readonly<Record<FlowName, number>> = {
  departments: 1,
  customers: 1,
  products: 2,
  salesOrders: 3,
  salesOrderLines: 2,
}
/** Polls leave the rest of a key's rate to the work. */
const POLL_SHARE = 0.2

/** How often a flow looks, in milliseconds. A vanished record is believed gone when the sweep after the first misses it too. */
export function timingOf(
  settings: Settings,
): (flow: FlowName) => { erpPollMs: number; shopPollMs: number; sweepMs: number; graceMs: number } {
  const { pollSecondsByFlow, requestsPerSecond, sweepSeconds } = settings.powerOffice
  const asked = flowNames.reduce((sum, flow) => sum + requestsPerPoll[flow] / pollSecondsByFlow[flow], 0)
  const stretch = Math.max(1, asked / (POLL_SHARE * requestsPerSecond))
  return (flow) => {
    const sweepMs = sweepSeconds * 1_000
    return {
      erpPollMs: Math.round(pollSecondsByFlow[flow] * stretch * 1_000),
      shopPollMs: settings.webshop.pollSecondsByFlow[flow] * 1_000,
      sweepMs,
      // Half an interval, so that a sweep that was cut short and repeated does not count as the second one.
      graceMs: sweepMs / 2,
    }
  }
}
