import { flowWorkflowId } from '../../flows/directory.ts'
import { allFlows } from '../../flows/registry.ts'
import type { Settings } from '../../flows/settings.ts'
import { type FlowStatus, statusQuery } from '../../workflows/messages.ts'
import { connectLinkClient } from '../link-client.ts'

/** PowerOffice takes 10 requests a second, so the first load of a large company takes long: people are let in before. */
const LONGEST_WAIT_MS = 120_000
const LOOK_EVERY_MS = 500
const SAY_EVERY_MS = 10_000

/**
 * Waits until every flow has ended its first load, or stands still for a reason of its own (paused, blocked), so that
 * the ready message can tell what came of it. Never fails: what it could not learn, the status tells later.
 */
export async function waitForFirstLoad(
  settings: Settings,
  say: (sentence: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const { client, close } = await connectLinkClient(settings)
  try {
    const until = Date.now() + LONGEST_WAIT_MS
    let sayAt = Date.now() + SAY_EVERY_MS
    while (Date.now() < until && !signal.aborted) {
      const statuses = await Promise.all(allFlows.map(({ name }) => statusOf(name)))
      if (statuses.every((status) => status !== null && isPastFirstLoad(status))) return
      if (Date.now() > sayAt) {
        say(progressOf(statuses.filter((status) => status !== null)))
        sayAt = Date.now() + SAY_EVERY_MS
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
    }
  } finally {
    await close()
  }

  async function statusOf(flow: string): Promise<FlowStatus | null> {
    try {
      return await client.workflow.getHandle(flowWorkflowId(settings.connection, flow)).query(statusQuery)
    } catch {
      // Not started yet, or its worker is just coming up.
      return null
    }
  }
}

function isPastFirstLoad(status: FlowStatus): boolean {
  return status.phase !== 'initial'
}

/** One line over all flows, however many still load. */
export function progressOf(statuses: readonly FlowStatus[]): string {
  return `First loads go on: ${statuses.map(flowProgress).join(', ')}.`
}

function flowProgress({ flow, links, waitsFor, phase }: FlowStatus): string {
  if (waitsFor !== null) return `${flow} wait`
  return `${flow} ${links} linked${phase === 'initial' ? '' : ' (done)'}`
}
