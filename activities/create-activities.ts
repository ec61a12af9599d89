import type { Client } from '@temporalio/client'
import type { AuditActivities } from '../flows/audit.ts'
import type { Directory } from '../flows/directory.ts'
import { flowWorkflowId } from '../flows/directory.ts'
import type { FlowDefinition, FlowName } from '../flows/flow-definition.ts'
import type { ExportActivities } from '../flows/memory-file.ts'
import type { Answer, FirstLoadAnswer, FlowActivities, FlowAddress } from '../flows/port.ts'
import { flowNamed } from '../flows/registry.ts'
import { type RecordKey, sides } from '../flows/side.ts'
import { auditFlow } from './audit/audit-flow.ts'
import { createFlowQuestions } from './audit/flow-desk.ts'
import { keepReport } from './audit/keep-report.ts'
import type { RequestContext } from './connector.ts'
import { firstLoadPage } from './first-load/fetch-first-load.ts'
import { createListLoads, type ListLoadPage } from './first-load/list-load.ts'
import { previewOf } from './first-load/preview.ts'
import { contentIn } from './first-load/snapshot.ts'
import { waitForHealth } from './health.ts'
import { type Pulse, startPulse } from './heartbeat.ts'
import { fetchLists, parentOf } from './live/fetch-lists.ts'
import { fetchPairs } from './live/fetch-pairs.ts'
import { createLiveWorlds } from './live/live-world.ts'
import { limitsSentence, notOfferedBy } from './live/offers.ts'
import type { WorldRequest } from './live/world-request.ts'
import { createLinkFinder } from './memory/find-links.ts'
import { createMemory } from './memory/memory-client.ts'
import { createShardKeeper } from './memory/shards.ts'
import { createOtherFlows } from './other-flows.ts'
import { pause } from './pause.ts'
import { collectionOf, type SystemsOf } from './systems/systems.ts'
import { examineConnection } from './upkeep/examine-connection.ts'
import { exportAll } from './upkeep/export-all.ts'
import { putItemsRows } from './upsert/items-row.ts'
import { createItemsRowQueue } from './upsert/items-row-queue.ts'
import { rememberingEarlier } from './upsert/repeated-chunk.ts'
import { openSlots, type Slots } from './upsert/slots.ts'
import { readTargets } from './upsert/targets.ts'
import { GUARANTEED_SLOTS, SHOP_SLOTS, upsertChunk } from './upsert/upsert-records.ts'
import { VendorTrouble } from './vendor-trouble.ts'
import { createOwnCreates } from './watch/own-creates.ts'
import type { WakeCalls } from './watch/wake-calls.ts'
import { watchSide } from './watch/watch-side.ts'

export interface ActivityDeps {
  readonly systemsOf: SystemsOf
  /** The link memory's own connection: `queryRejectCondition: 'NOT_OPEN'` and short retries (E6, E8). */
  readonly client: Client
  readonly taskQueue: string
  readonly wakeCalls: WakeCalls
  /** Where reports of the audit and exports are kept. */
  readonly dataDir: string
  /** Default: the product's own dataflows. */
  readonly definitionOf?: (flow: FlowName) => FlowDefinition
  readonly timing: (flow: FlowName) => {
    readonly erpPollMs: number
    readonly shopPollMs: number
    readonly sweepMs: number
    readonly graceMs: number
  }
}

/** Everything a flow may ask of the world. Each answer is a value; a system that is down is one of them (E17). */
export function createActivities(deps: ActivityDeps): FlowActivities & AuditActivities & ExportActivities {
  const memory = createMemory(deps.client)
  const shards = createShardKeeper(deps.client, memory, deps.taskQueue)
  const worlds = createLiveWorlds()
  const otherFlows = createOtherFlows(deps.client)
  const links = createLinkFinder(memory, otherFlows)
  const ownCreates = createOwnCreates()
  const pageOfLists = createListLoads()
  const loadSlots = new Map<string, Slots>()
  const questions = createFlowQuestions(deps.client)

  return {
    fetchChanges: (input) =>
      answering(async (pulse) => {
        const request = requestFor(input, input.directory, pulse, 'live')
        const timing = deps.timing(input.flow)
        if (!input.loading) worlds.dropContents(input)
        return watchSide(
          {
            request,
            pulse,
            wakeCalls: deps.wakeCalls,
            inHand: () => inHandOf(input, pulse.signal),
            inParentsHand: async () => {
              const parent = parentOf(request)
              return parent === null ? new Set() : otherFlows.inHandOf(parent, pulse.signal)
            },
            isListedByLoad: (state) =>
              state.kind === 'present' &&
              contentIn(worlds.known(input), input.side, state.reading.id, state.reading.seen) !== undefined,
            feedMatching: (states) => worlds.feed(input, input.side, states),
            // Only a change feed lists records with the version that a write is answered with.
            isAsCreated: (id, version) => input.side === 'shop' && ownCreates.isAsCreated(input, id, version),
            pollMs: input.side === 'erp' ? timing.erpPollMs : timing.shopPollMs,
            sweepMs: timing.sweepMs,
            graceMs: timing.graceMs,
            clock: () => Date.now(),
          },
          input,
        )
      }),

    fetchFirstLoad: (input) =>
      answering(async (pulse) => {
        const request = requestFor(input, input.directory, pulse, 'backfill')
        const idle = await idleSentence(request)
        if (idle !== null) return idlePage(idle)
        if (request.definition.listOf) return listPage(request, await pageOfLists(request, input))
        const snapshot = await worlds.snapshot(request, input.loadId, pulse.say)
        const page = await firstLoadPage(request.definition, snapshot, memory, input, pulse.signal)
        const notOffered = await notOfferedBy(request)
        return {
          kind: 'page',
          ...page,
          pairs: page.pairs.map((pair) => ({ ...pair, ...(notOffered && { notOffered }) })),
          limits: limitsSentence(request.definition, notOffered),
          cursors: snapshot.cursors,
          room: snapshot.room,
          totals: { erp: snapshot.states.erp.size, shop: snapshot.states.shop.size },
        }
      }),

    fetchRecords: (input) =>
      answering(async (pulse) => {
        const request = requestFor(input, input.directory, pulse, 'live')
        const answer = request.definition.listOf
          ? await fetchLists(request, input)
          : { pairs: await fetchPairs(worlds, request, input) }
        const notOffered = await notOfferedBy(request)
        const pairs = answer.pairs.map(({ keys, pair }) => ({
          keys,
          pair: { ...pair, ...(notOffered && { notOffered }) },
        }))
        return { kind: 'records', ...answer, pairs, limits: limitsSentence(request.definition, notOffered) }
      }),

    upsertRecords: (input) =>
      answering(async (pulse) => {
        await pause(input.waitFirstMs, pulse.signal)
        const request = requestFor(input, input.directory, pulse, input.priority)
        const { definition, systems, context } = request
        const collections = {
          erp: collectionOf(systems, 'erp', input.flow),
          shop: collectionOf(systems, 'shop', input.flow),
        }
        const { activityId, attempt } = pulse
        const chunk = {
          definition,
          input,
          request,
          worlds,
          context,
          pulse,
          collections,
          pointer: `${input.run}.${activityId}`,
          isRepeated: attempt > 1,
          ownCreates,
          sent: new Set<RecordKey>(),
          itemsRows: createItemsRowQueue((rows) => putItemsRows(request, rows)),
        }
        return rememberingEarlier(chunk, attempt, async (decisions) => {
          const snapshot = input.priority === 'backfill' ? worlds.known(input) : undefined
          const targets = await readTargets(request, collections, snapshot, input.decisions)
          const slots = input.priority === 'backfill' ? slotsOf(input) : null
          return () => upsertChunk({ ...chunk, targets }, decisions, slots)
        })
      }),

    awaitFlows: (input) =>
      withPulse(async (pulse) => {
        for (;;) {
          const open: FlowName[] = []
          for (const flow of input.flows)
            if ((await otherFlows.firstLoadOf({ connection: input.connection, flow })) === 'waiting') open.push(flow)
          if (open.length === 0) return
          pulse.say(`waits for the first load of ${open.join(', ')}`)
          await pause(DEPENDENCY_POLL_MS, pulse.signal)
          pulse.signal.throwIfAborted()
        }
      }),

    waitUntilHealthy: (input) =>
      withPulse(async (pulse) =>
        waitForHealth(requestFor(input, input.directory, pulse, 'live'), pulse, {
          firstPauseMs: input.firstPauseMs,
          isRepeated: pulse.attempt > 1,
          assertFirstLeaves: () => shards.assertFirstNotClosed(input, input.directory.generation),
        }),
      ),

    startShards: (input) =>
      answering(async (pulse) => ({ kind: 'started', ...(await shards.start(input, input.directory, pulse.signal)) })),

    splitShard: (input) =>
      answering(async (pulse) => {
        const made = await shards.splitIfWanted(input, input.shard, input.newNumber, pulse.signal)
        return made === null ? { kind: 'unneeded' } : { kind: 'split', ...made }
      }),

    previewFirstContact: (input) =>
      answering(async (pulse) => {
        const request = requestFor(input, input.directory, pulse, 'live')
        const snapshot = await worlds.snapshot(request, `preview of ${input.loadId}`, pulse.say)
        const company = await request.systems.erp.identify(request.context)
        const notOffered = await notOfferedBy(request)
        return { kind: 'preview', preview: previewOf(request.definition, snapshot, company, notOffered) }
      }),

    examineWorkflows: (input) =>
      withPulse(async () => {
        const findings = []
        for await (const { found } of examineConnection(deps.client, input)) findings.push(...found)
        return findings
      }),

    auditFlow: (input) =>
      withPulse((pulse) => {
        const { connection, flow } = input
        const { erpPollMs, shopPollMs } = deps.timing(flow)
        return auditFlow({
          address: { connection, flow },
          pulse,
          questions,
          requestFor: ({ directory }) => requestFor(input, directory, pulse, 'backfill'),
          wakeWatches: () => sides.map((side) => deps.wakeCalls.wake(connection, flow, side)).every((heard) => heard),
          longestPollMs: Math.max(erpPollMs, shopPollMs),
          repair: input.repair,
        })
      }),

    keepAuditReport: (report) => keepReport(deps.dataDir, report),

    exportMemory: (input) => withPulse(() => exportAll(deps.client, deps.dataDir, input, Date.now())),
  }

  /** One flow's chunks of its first load, whichever activity carries them out. */
  function slotsOf({ connection, flow }: FlowAddress): Slots {
    const name = `${connection}.${flow}`
    const slots = loadSlots.get(name) ?? openSlots({ count: SHOP_SLOTS, guaranteed: GUARANTEED_SLOTS })
    loadSlots.set(name, slots)
    return slots
  }

  function requestFor(
    address: FlowAddress,
    directory: Directory,
    pulse: Pulse,
    priority: RequestContext['priority'],
  ): WorldRequest {
    return {
      definition: (deps.definitionOf ?? flowNamed)(address.flow),
      systems: deps.systemsOf(address.connection),
      memory,
      address: { connection: address.connection, flow: address.flow },
      directory,
      context: { signal: pulse.signal, priority, assertAlive: pulse.assertAlive },
      otherFlows,
      links: (ids) => links.find(address.connection, ids, pulse.signal),
    }
  }

  /** Given up when the watch is: nobody answers while the last worker shuts down, and the question would hold it up. */
  async function inHandOf(address: FlowAddress, signal: AbortSignal): Promise<ReadonlySet<RecordKey>> {
    const handle = deps.client.workflow.getHandle(flowWorkflowId(address.connection, address.flow))
    try {
      return new Set(await deps.client.withAbortSignal(signal, () => handle.query<RecordKey[]>('inHand')))
    } catch (error) {
      signal.throwIfAborted()
      throw error
    }
  }
}

/** How often a flow asks whether those that it depends on have ended their first load; a question, no history. */
const DEPENDENCY_POLL_MS = 1_000

/** The first sentence of a system that does not have the collection at all; null: both have it. */
async function idleSentence(request: WorldRequest): Promise<string | null> {
  for (const side of sides) {
    const sentence = await collectionOf(request.systems, side, request.definition.name).notOffered?.(request.context)
    if (sentence) return sentence
  }
  return null
}

const emptyPage = { kind: 'page', pairs: [], next: null, totals: { erp: 0, shop: 0 }, room: null } as const

function idlePage(idle: string): FirstLoadAnswer {
  return { ...emptyPage, idle, cursors: { erp: '', shop: '' } }
}

async function listPage(request: WorldRequest, page: ListLoadPage): Promise<FirstLoadAnswer> {
  const { lookAt, next, cursors, linked } = page
  const limits = limitsSentence(request.definition, await notOfferedBy(request))
  return { ...emptyPage, lookAt, next, cursors, totals: { erp: linked, shop: linked }, limits }
}

async function withPulse<T>(work: (pulse: Pulse) => Promise<T>): Promise<T> {
  const pulse = startPulse()
  try {
    return await work(pulse)
  } finally {
    pulse.stop()
  }
}

/** The one place where a system's trouble becomes an answer. */
async function answering<T>(work: (pulse: Pulse) => Promise<T>): Promise<Answer<T>> {
  return withPulse(async (pulse) => {
    try {
      return await work(pulse)
    } catch (error) {
      if (error instanceof VendorTrouble) return { kind: 'trouble', trouble: error.trouble }
      throw error
    }
  })
}
