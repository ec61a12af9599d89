import { expect } from 'vitest'
import { type FlowName, flowNames } from '../../flows/flow-definition.ts'
import type { InboxEntry } from '../../workflows/messages.ts'
import type { Listed, Sync } from '../switch-facts/switch-facts.ts'
import { compareAll, snapshotOf } from './compare-all.ts'
import { addLineArticles, allSettled, startOrderWorld } from './orders.ts'
import type { SwitchCase } from './switch-cases.ts'
import { clearRound, confirmRound, editRound } from './switch-edits.ts'
import { invoiceOrder, startEvent } from './switch-events.ts'
import { createRound, type Intent, invoicedIntent, type Round, unmetOf, wrongOf } from './switch-round.ts'
import { until, type World } from './world.ts'

/** Far more than anything takes: a machine that is busy elsewhere is no failure. */
const DEADLINE_MS = 200_000
/** Everything is read each time, in the process in which the worker runs. */
const LOOK_EVERY_MS = 200

/** Both systems, all five flows, and the records of the round before. */
export interface SwitchWorld {
  readonly world: World
  before: Round
}

export async function startSwitchWorld(): Promise<SwitchWorld> {
  const world = await startOrderWorld({
    sweepMs: 5_000,
    erpPollMs: 300,
    shopPollMs: 300,
    graceMs: 600_000,
    requestsPerSecond: 500,
    switches: { organizationNumberCheck: 'off' },
  })
  addLineArticles(world)
  const before = createRound(world, 1, null)
  await allMet(world, before.intents)
  await allSettled(world)
  return { world, before }
}

/**
 * One round of creates and edits on both sides under one or more positions, held to what is said of it. Where that is not that everything
 * becomes equal, it must once the defaults are back. No side may show a value that nobody wrote.
 */
export async function holdTo(
  switched: SwitchWorld,
  { set, events, sync }: Pick<SwitchCase, 'set' | 'events' | 'sync'>,
): Promise<void> {
  const { world, before } = switched
  await allMet(world, before.intents)
  world.erp.settings.change(set)
  const number = before.number + 1
  const made = createRound(world, number, before)
  switched.before = made
  const edited = editRound(world, before)
  const besides = events.flatMap((event) => startEvent(world, event, before))
  let intents: readonly Intent[] = [...edited, ...made.intents, ...besides]
  const open = new Set(sync.kind === 'lists' ? sync.listed.map(({ what }) => what) : [])
  const carriedOut = () => intents.filter((intent) => !open.has(intent.name))
  if (sync.kind === 'waits') await expectWaiting(world, sync)
  else await allMet(world, carriedOut())
  if (events.includes('clearing')) {
    // By themselves: what is refused would hold back other edits of the same records.
    intents = [...intents, ...clearRound(world, before)]
    await allMet(world, carriedOut())
  }
  if (events.includes('invoice')) {
    const confirmed = confirmRound(world, before)
    await allMet(world, confirmed)
    const invoiced = invoicedIntent(world, before)
    const willBe = await invoiceOrder(world, invoiced.erpId, set)
    // What was done to the order before is past.
    const others = intents.filter(({ ids }) => ids[0] !== invoiced.erpId)
    intents = [...others, ...(willBe ? [invoiced] : confirmed)]
    await allMet(world, carriedOut())
  }
  if (sync.kind === 'lists') await expectListed(world, intents, sync.listed)
  else if (sync.kind === 'converges') await expectEqual(world)
  expectNothing(wrongOf(intents, snapshotOf(world)))

  if (sync.kind === 'converges') return
  await healAll(switched)
  await allMet(world, intents)
  await expectEqual(world)
}

/** Back at the defaults, and what was refused meanwhile is tried again: the next position begins with a healthy world. */
export async function healAll({ world }: SwitchWorld): Promise<void> {
  resetSwitches(world)
  await retryAll(world)
}

/** Every switch at its default, the rate limit off, no fault planned. */
function resetSwitches(world: World): void {
  const defaults = Object.fromEntries(Object.keys(world.erp.settings.current()).map((key) => [key, null]))
  world.erp.settings.change({ ...defaults, rateLimit: 'off' })
  world.erp.faults.clear()
}

async function allMet(world: World, intents: readonly Intent[]): Promise<void> {
  await until(
    'both systems to show what was done',
    async () => unmetOf(intents, snapshotOf(world)).length === 0,
    DEADLINE_MS,
    LOOK_EVERY_MS,
  ).catch(async (failure: unknown) => {
    const now = snapshotOf(world)
    const unmet = unmetOf(intents, now).map(
      (intent) => `${intent.name}: wanted ${intent.want || 'nothing'}, shown ${intent.shown(now).join(' and ')}`,
    )
    throw new Error([...unmet, ...(await allListed(world)).map(toLine), ...(await troubles(world))].join('\n'), {
      cause: failure,
    })
  })
}

/** Nothing differs, nothing stands twice, and nothing is listed. */
async function expectEqual(world: World): Promise<void> {
  await until('the systems to be equal', async () => compareAll(world).length === 0, DEADLINE_MS, LOOK_EVERY_MS).catch(
    () => undefined,
  )
  await allSettled(world)
  expectNothing(compareAll(world))
  await until('the inboxes to be empty', async () => (await allListed(world)).length === 0, DEADLINE_MS).catch(
    () => undefined,
  )
  expectNothing((await allListed(world)).map(toLine))
}

/** Each line in the message, so that whoever watches the rounds go by sees what it is. */
function expectNothing(lines: readonly string[]): void {
  expect(lines, lines.join('\n')).toEqual([])
}

/** What was not carried out is in the inbox with the reason that is said of it, and nothing else needs a person. */
async function expectListed(world: World, intents: readonly Intent[], listed: readonly Listed[]): Promise<void> {
  for (const { what, reason, says } of listed) {
    const intent = intents.find(({ name }) => name === what)
    if (!intent) throw new Error(`no intent of the round is called “${what}”`)
    const isIt = (one: FlowEntry): boolean =>
      one.flow === intent.flow &&
      one.reason === reason &&
      one.detail.includes(says) &&
      // One entry stands for all that wait for a free number.
      (reason === 'room' || intent.ids.some((id) => id !== '' && isOf(one, id)))
    // On the way there it may be listed as something else that waits by itself.
    await until(`“${what}” to be listed`, async () => (await allListed(world)).find(isIt)).catch(
      async (failure: unknown) => {
        const lines = (await allListed(world)).map(toLine)
        throw new Error(`“${what}” is not listed as ${reason} with “${says}”, but:\n${lines.join('\n')}`, {
          cause: failure,
        })
      },
    )
  }
  // What waits for a free number stays among what is to be looked at.
  const waiting = listed.filter(({ reason }) => reason === 'room').length
  for (const flow of flowNames)
    await until(`the flow ${flow} to rest`, async () => {
      const { phase, inHand, lookAgain } = await world.of(flow).status()
      return phase === 'live' && inHand === 0 && lookAgain.count <= waiting
    })
  const named = intents.filter(({ name }) => listed.some(({ what }) => what === name))
  const isNamed = (entry: FlowEntry): boolean =>
    entry.reason === 'room' || named.some(({ ids }) => ids.some((id) => id !== '' && isOf(entry, id)))
  // What is said of the position is true of what earlier rounds left as well, should anybody look at it now: another invoice.
  const isAsSaid = (entry: FlowEntry): boolean =>
    listed.some(({ reason, says }) => entry.reason === reason && entry.detail.includes(says))
  const others = (await allListed(world)).filter(
    (entry) => entry.pile === 'needsYou' && !isNamed(entry) && !isAsSaid(entry),
  )
  expectNothing(others.map(toLine))
}

function isOf({ erpId, shopId }: InboxEntry, id: string): boolean {
  return erpId === id || shopId === id
}

async function expectWaiting(world: World, { flows, says }: Sync & { readonly kind: 'waits' }): Promise<void> {
  for (const flow of flowNames.filter((one) => flows.includes(one))) {
    const status = await until(`the flow ${flow} to wait`, async () => {
      const now = await world.of(flow).status()
      return now.phase === 'blocked' && now
    })
    expect(status.trouble?.message).toContain(says)
  }
}

type FlowEntry = InboxEntry & { readonly flow: string }

async function allListed(world: World): Promise<FlowEntry[]> {
  const lists = await Promise.all(
    flowNames.map(async (flow) => (await inboxOf(world, flow)).map((entry) => ({ ...entry, flow }))),
  )
  return lists.flat()
}

/** A flow that is just beginning its next run answers no query for a moment. */
function inboxOf(world: World, flow: FlowName): Promise<readonly InboxEntry[]> {
  return until(`the inbox of ${flow}`, () => world.of(flow).inbox())
}

/** What is about one record, and not closed meanwhile. */
async function retryAll(world: World): Promise<void> {
  for (const flow of flowNames)
    for (const { id, erpId, shopId } of await inboxOf(world, flow)) {
      if (erpId === null && shopId === null) continue
      await world
        .of(flow)
        .handle.executeUpdate('retry', { args: [{ id, by: 'a test' }] })
        .catch(async (failure: unknown) => {
          if ((await inboxOf(world, flow)).some((entry) => entry.id === id)) throw failure
        })
    }
}

function toLine({ flow, pile, reason, field, label, detail }: FlowEntry): string {
  return `${flow} ${pile} ${reason} ${field ?? ''} ${label}: ${detail}`
}

async function troubles(world: World): Promise<string[]> {
  const all = await Promise.all(flowNames.map((flow) => world.of(flow).status()))
  return all.flatMap(({ flow, phase, trouble, lookAgain, inHand }) =>
    phase === 'live' && lookAgain.count === 0 && inHand === 0
      ? []
      : [
          `${flow} ${phase}: ${inHand} in hand, ${lookAgain.count} to be looked at${trouble ? `, ${trouble.message}` : ''}`,
        ],
  )
}
