import type { FlowAddress } from '../../flows/port.ts'
import type { SideState } from '../../flows/reading.ts'
import type { Row } from '../../flows/row.ts'
import { type Side, sides } from '../../flows/side.ts'
import { type Snapshot, takeSnapshot } from '../first-load/snapshot.ts'
import type { MatchWorld } from '../match/match-world.ts'
import { readStates } from '../reading/read-states.ts'
import { idOfState } from '../reading/side-state.ts'
import { collectionOf } from '../systems/systems.ts'
import type { WorldRequest } from './world-request.ts'

/**
 * The keys of both systems, kept in this process and brought up to date by each side's change list before every match:
 * two cheap requests, however many records are matched. A server's own search cannot replace it: records spelled in
 * another way (`NO 912 345 678 MVA`) would not be found, and would be created twice (rule 1).
 */
export interface LiveWorlds {
  /** The snapshot of a first load, taken once and shared by its pages. */
  snapshot(request: WorldRequest, loadId: string, say: (words: string) => void): Promise<Snapshot>
  /** The snapshot as it is, for content; undefined when this process has none. */
  known(address: FlowAddress): Snapshot | undefined
  /** The world as of now: what changed since it was last asked is read first, unless `asKnown`. */
  current(request: WorldRequest, options?: { readonly asKnown?: boolean }): Promise<MatchWorld>
  /**
   * What a create on `side` is matched against once more: brought up to date on that side alone, by one request for all who
   * ask within a moment. A first load asks for none while the watch of this process reads that side (`feed`), since its
   * requests are counted; undefined: this process has not matched anything of the load.
   */
  beforeCreating(request: WorldRequest, side: Side): Promise<MatchWorld | undefined>
  /** The world as this process has it, which may lack what is new; undefined: it has matched nothing of this flow yet. */
  asKnown(address: FlowAddress): MatchWorld | undefined
  /** What a watch of this process just read, as far as nothing was known of it. */
  feed(address: FlowAddress, side: Side, states: readonly SideState[]): void
  learnRows(address: FlowAddress, rows: readonly Row[]): void
  forgetLink(address: FlowAddress, erpId: string, shopId: string): void
  /** A first load is over: the contents of all records need not stay in memory. */
  dropContents(address: FlowAddress): void
}

interface Held {
  readonly loadId: string
  readonly taken: Promise<Snapshot>
  snapshot: Snapshot | undefined
  world: MatchWorld | undefined
  cursors: Record<Side, string> | undefined
  refreshing: Promise<void>
  /** When the latest reading of that side's changes began, of this world's own or of a watch; by the process's clock. */
  readonly fedAtMs: Record<Side, number>
}

/** Creates under way at the same moment share one reading. */
const FRESH_MS = 50
/** A watch reads the webshop every two seconds, or is woken by webhooks; where it is silent for longer, a first load looks itself. */
const FED_MS = 10_000

export function createLiveWorlds(): LiveWorlds {
  const held = new Map<string, Held>()
  const nameOf = (address: FlowAddress): string => `${address.connection}.${address.flow}`

  return {
    snapshot: (request, loadId, say) => hold(request, loadId, say).taken,
    known: (address) => held.get(nameOf(address))?.snapshot,
    current: async (request, options) => {
      const existing = held.get(nameOf(request.address))
      const holding = existing ?? hold(request, 'live', () => undefined)
      await holding.taken
      if (options?.asKnown && holding.world) return holding.world
      // One refresh at a time: a second asker waits for its own, later one, since the first may have read too early.
      const refresh = holding.refreshing.then(() => bringUpToDate(holding, request))
      holding.refreshing = refresh.catch(() => undefined)
      await refresh
      if (!holding.world) throw new Error('a world was asked for before its snapshot was taken')
      return holding.world
    },
    beforeCreating: async (request, side) => {
      const isLoad = request.context.priority === 'backfill'
      const existing = held.get(nameOf(request.address))
      if (isLoad && !existing?.world) return undefined
      const holding = existing ?? hold(request, 'live', () => undefined)
      await holding.taken
      const askedMs = performance.now()
      const isFed = (): boolean => holding.fedAtMs[side] >= askedMs - (isLoad ? FED_MS : FRESH_MS)
      if (!isFed()) {
        const refresh = holding.refreshing.then(() => (isFed() ? undefined : bringUpToDate(holding, request, [side])))
        holding.refreshing = refresh.catch(() => undefined)
        await refresh
      }
      return holding.world
    },
    asKnown: (address) => held.get(nameOf(address))?.world,
    feed: (address, side, states) => {
      const holding = held.get(nameOf(address))
      if (!holding?.world || holding.snapshot === undefined) return
      holding.fedAtMs[side] = performance.now()
      for (const state of states) {
        const id = idOfState(state)
        if (id !== null) holding.world.learnNew(side, id, state)
      }
    },
    learnRows: (address, rows) => {
      const world = held.get(nameOf(address))?.world
      for (const row of rows) world?.learnRow(row)
    },
    forgetLink: (address, erpId, shopId) => held.get(nameOf(address))?.world?.forgetLink(erpId, shopId),
    dropContents: (address) => {
      const holding = held.get(nameOf(address))
      if (holding) holding.snapshot = undefined
    },
  }

  function hold(request: WorldRequest, loadId: string, say: (words: string) => void): Held {
    const name = nameOf(request.address)
    const existing = held.get(name)
    if (existing && existing.loadId === loadId) return existing
    const taken = takeSnapshot(request, say)
    const holding: Held = {
      loadId,
      taken,
      snapshot: undefined,
      world: undefined,
      cursors: undefined,
      refreshing: Promise.resolve(),
      fedAtMs: { erp: Number.NEGATIVE_INFINITY, shop: Number.NEGATIVE_INFINITY },
    }
    held.set(name, holding)
    taken.then(
      (snapshot) => {
        if (loadId !== 'live') holding.snapshot = snapshot
        holding.world = snapshot.world
        holding.cursors = { ...snapshot.cursors }
      },
      // A system was down: the next asker tries anew.
      () => held.get(name) === holding && held.delete(name),
    )
    return holding
  }

  async function bringUpToDate(holding: Held, request: WorldRequest, ofSides: readonly Side[] = sides): Promise<void> {
    const { cursors, world } = holding
    if (!cursors || !world) return
    const { definition, systems, context } = request
    await Promise.all(
      ofSides.map(async (side) => {
        const beganMs = performance.now()
        const collection = collectionOf(systems, side, definition.name)
        for (;;) {
          const changes = await collection.listChanges(cursors[side], context)
          for (const state of await readStates(request, side, changes.records)) {
            const id = idOfState(state)
            if (id !== null) world.learn(side, id, state)
          }
          cursors[side] = changes.next
          if (!changes.hasMore) break
        }
        holding.fedAtMs[side] = beganMs
      }),
    )
  }
}
