import { createActivities } from '../../activities/create-activities.ts'
import type { Systems } from '../../activities/systems/systems.ts'
import { createWakeCalls } from '../../activities/watch/wake-calls.ts'
import type { Outcome } from '../../flows/outcome.ts'
import { decodeRow } from '../../flows/row-codec.ts'
import type { Side } from '../../flows/side.ts'
import { seededFractions } from '../../sandbox/faults/seeded-fractions.ts'
import { runFlow } from '../../workflows/engine/run-flow.ts'
import type { FlowInput, FlowStatus, InboxEntry } from '../../workflows/messages.ts'
import type { SimulatedProcess } from './attempt.ts'
import type { Told } from './ledger.ts'
import { createPowerOffice } from './model-poweroffice.ts'
import { createWebshop } from './model-webshop.ts'
import { createNetwork } from './network.ts'
import { connectTo, simulatedFlow } from './simulated-flow.ts'
import { createTemporal } from './temporal.ts'
import { VirtualTime } from './virtual-time.ts'
import { hostWorkflow } from './workflow-sdk.ts'

export interface WorldOptions {
  readonly seed: number
  readonly hasSweeps: boolean
  readonly comparesTests: boolean
  readonly comparesVersions: boolean
  readonly keepsReferencesUnique: boolean
  readonly keepsCodesUnique: boolean
  readonly filterShiftMs: number
  /** Puts something between the engine and its connectors. */
  readonly systems?: (systems: Systems) => Systems
}

const START_MS = Date.UTC(2026, 5, 1)
export const SWEEP_MS = 25_000
const NEVER_MS = 1e12

/** The engine's own flow, activities and connectors between two modelled systems, in one process and in virtual time. */
export function createSimulatedWorld(options: WorldOptions) {
  const random = seededFractions(options.seed)
  const latencyMs = (): number => 1 + random() * 150
  const time = new VirtualTime(START_MS)
  const erp = createPowerOffice(time, options)
  const shop = createWebshop(time, options)
  const network = createNetwork(time, latencyMs)
  const processes: SimulatedProcess[] = []
  const told: Told[] = []
  const failures: string[] = []
  let handedOver = 0
  let outcomes = 0

  const temporal = createTemporal({
    time,
    latencyMs,
    process: () => processes.at(-1) as SimulatedProcess,
    onAnswer,
  })
  time.wakeWaiting = temporal.wakeWaiting
  shop.onChange(() => {
    // A webhook is lost, comes late, or comes twice.
    const fate = Math.floor(random() * 4)
    for (let times = 0; times < fate - 1; times++) time.in(random() * 3_000, () => processes.at(-1)?.wake())
  })

  function startProcess(): void {
    const wakeCalls = createWakeCalls()
    const systems = connectTo(
      { erp: network.exchangerTo('erp', erp.server), shop: network.exchangerTo('shop', shop.server) },
      random,
      options.keepsReferencesUnique,
    )
    const used = options.systems?.(systems) ?? systems
    const activities = createActivities({
      systemsOf: () => used,
      client: temporal.client,
      taskQueue: 'simulated',
      wakeCalls,
      // Nothing here keeps reports or exports.
      dataDir: '',
      definitionOf: () => simulatedFlow,
      timing: () => ({
        erpPollMs: 8_000,
        shopPollMs: 8_000,
        sweepMs: options.hasSweeps ? SWEEP_MS : NEVER_MS,
        graceMs: SWEEP_MS - 5_000,
      }),
    })
    processes.push({
      number: processes.length + 1,
      isDead: false,
      stillUntilMs: 0,
      activities: activities as unknown as SimulatedProcess['activities'],
      wake: () => wakeCalls.wake('simulated', 'customers', 'shop'),
    })
  }

  /** Everything that was asked ends in exactly one place (E12). */
  function onAnswer(name: string, input: unknown, answer: unknown): void {
    const { kind } = answer as { kind: string }
    if (name === 'upsertRecords' && kind === 'outcomes') {
      const asked = (input as { decisions: unknown[] }).decisions
      const got = (answer as { outcomes: Outcome[] }).outcomes
      if (asked.length !== got.length) failures.push(`${asked.length} decisions came to ${got.length} outcomes`)
      outcomes += got.length
      for (const { erpId, notes = [] } of got)
        for (const note of notes) told.push({ erpId, field: note.field, kind: note.kind, atMs: time.nowMs })
    }
    if (name === 'fetchRecords' && kind === 'records') {
      const asked = (input as { keys: string[] }).keys
      const { pairs, left = [] } = answer as { pairs: { keys: string[] }[]; left?: string[] }
      const got = [...pairs.flatMap((pair) => pair.keys), ...left]
      if (got.toSorted().join() !== asked.toSorted().join()) failures.push(`asked for ${asked}, answered ${got}`)
    }
    // A record that is gone is looked for by every sweep, until somebody says what becomes of its counterpart.
    if (name === 'fetchChanges' && kind === 'changes')
      handedOver += (answer as { changed: { why: string }[] }).changed.filter(({ why }) => why !== 'missing').length
  }

  async function runFlowForEver(): Promise<void> {
    let input: Parameters<typeof runFlow>[1] = {
      v: 1,
      connection: 'simulated',
      flow: 'customers',
      options: { approveFirst: false, hadEarlierRun: false, maxEvents: 0 },
    } satisfies FlowInput
    for (;;) {
      const state = await runFlow(simulatedFlow, input)
      input = JSON.parse(JSON.stringify(state)) as typeof input
      temporal.newRun()
    }
  }

  const world = {
    time,
    erp,
    shop,
    network,
    told,
    failures,
    random,
    start: (): void => {
      time.install()
      hostWorkflow(temporal.host)
      startProcess()
      runFlowForEver().catch((error: unknown) => failures.push(`the flow ended: ${String(error)}`))
    },
    end: (): void => {
      for (const process of processes) process.isDead = true
      time.uninstall()
    },
    crash: (): void => {
      const process = processes.at(-1)
      if (process) process.isDead = true
      startProcess()
    },
    standStill: (ms: number): void => {
      const process = processes.at(-1)
      if (process) process.stillUntilMs = time.nowMs + ms
      startProcess()
    },
    roll: (): void => void temporal.flow('roll'),
    approveAll: (): void => {
      for (const entry of world.inbox())
        if (entry.reason === 'vanished') temporal.flow('approveDelete', { id: entry.id, by: 'somebody' })
    },
    status: (): FlowStatus => temporal.flow('status'),
    inbox: (): readonly InboxEntry[] => temporal.flow('inbox'),
    rows: temporal.rows,
    /** The engine's memory holds a link of this record. */
    isNoted: (side: Side, id: string): boolean =>
      temporal.rows().some((text) => {
        const row = decodeRow(text)
        return row.kind === 'linked' && (side === 'erp' ? row.erpId : row.shopId) === id
      }),
    handedOver: (): number => handedOver,
    outcomes: (): number => outcomes,
    writes: (): number => erp.writes() + shop.writes(),
    isAtRest: (): boolean => {
      const { phase, lookAgain, inHand } = world.status()
      return phase === 'live' && lookAgain.count === 0 && inHand === 0
    },
  }
  return world
}

export type SimulatedWorld = ReturnType<typeof createSimulatedWorld>
