import type { FlowAddress } from '../../flows/port.ts'
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
}

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

  async function bringUpToDate(holding: Held, request: WorldRequest): Promise<void> {
    const { cursors, world } = holding
    if (!cursors || !world) return
    const { definition, systems, context } = request
    await Promise.all(
      sides.map(async (side) => {
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
      }),
    )
  }
}
