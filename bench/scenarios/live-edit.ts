import { setTimeout as pause } from 'node:timers/promises'
import { customers as definition } from '../../flows/customers.ts'
import { inventCustomers } from '../customers.ts'
import type { Figure, Scenario } from '../figure.ts'
import type { Ground } from '../ground.ts'
import { erpObserver, type Observer, shopObserver } from '../observers.ts'
import { quantile } from '../statistics.ts'
import { ask, inWorld, type World } from '../world.ts'

const EDITS = 200
const EDITS_PER_SECOND = 8
const shopkeeper = { authorization: 'Bearer sandbox-shopkeeper' }

export const liveEdit: Scenario = {
  name: 'live-edit',
  title: `${EDITS} edits each way, ${EDITS_PER_SECOND} a second, from the edit's answer to the value on the other side`,
  run: async (ground) => [
    ...(await inLinkedWorld(ground, 2_000, async (world, pairs) => [
      ...figuresOf('webshop to PowerOffice, webhook on', 'webhook, no poll in between', await editShop(world, pairs)),
      ...figuresOf(
        'PowerOffice to webshop, poll 2 s',
        'a watch that found something looks again at once, so in a stream of edits the poll costs less than the 1 s of a lone edit',
        await editErp(world, pairs),
      ),
    ])),
    ...(await inLinkedWorld(ground, 200, async (world, pairs) =>
      figuresOf('PowerOffice to webshop, poll 200 ms', 'what the engine itself takes', await editErp(world, pairs)),
    )),
  ],
}

interface LinkedPair {
  readonly erpId: string
  readonly shopId: string
}

/** EDITS linked pairs; PowerOffice's rate is not in the way, since a wait for it is not the engine's. */
function inLinkedWorld(
  ground: Ground,
  erpPollMs: number,
  work: (world: World, pairs: readonly LinkedPair[]) => Promise<Figure[]>,
): Promise<Figure[]> {
  return inWorld(ground, { timing: { erpPollMs }, webhooks: true, shopLatencyMs: 20 }, async (world) => {
    await world.fillErp(inventCustomers(EDITS))
    await world.startWorker()
    await world.startFlow()
    await world.settled()
    await pause(3_000)
    return work(world, await linkedPairs(world))
  })
}

async function linkedPairs(world: World): Promise<LinkedPair[]> {
  const url = `${world.shop.facts.baseUrl}/api/customers?limit=${EDITS}`
  const { items } = await ask<{ items: { id: string; erpId: string }[] }>(url, { method: 'GET', headers: shopkeeper })
  return items.map(({ id, erpId }) => ({ shopId: id, erpId: erpId.split(':').at(-1) ?? '' }))
}

async function editShop(world: World, pairs: readonly LinkedPair[]): Promise<number[]> {
  const observer = await erpObserver(world)
  const times = await timed(pairs, observer, async ({ erpId, shopId }, index) => {
    const url = `${world.shop.facts.baseUrl}/api/customers/${shopId}`
    const value = `https://www.edit${index}.example`
    const { version } = await ask<{ version: string }>(url, { method: 'GET', headers: shopkeeper })
    const headers = { ...shopkeeper, 'content-type': 'application/merge-patch+json', 'if-match': `"${version}"` }
    await ask(url, { method: 'PATCH', body: { website: value }, headers })
    return { id: erpId, value }
  })
  await assertHeard(world)
  return times
}

/** A worker that refuses the webhooks finds the edits by polling, which is another figure. */
async function assertHeard(world: World): Promise<void> {
  const { webhooks } = await ask<{ webhooks: { sent: number; failed: number } }>(
    `${world.shop.facts.baseUrl}/sandbox/counts`,
    { method: 'GET' },
  )
  if (webhooks.sent < EDITS)
    throw new Error(`the worker took ${webhooks.sent} of the webhooks and refused or missed ${webhooks.failed}`)
}

async function editErp(world: World, pairs: readonly LinkedPair[]): Promise<number[]> {
  const observer = await shopObserver(world)
  return timed(pairs, observer, async ({ erpId, shopId }, index) => {
    const value = `https://www.erp${index}.example`
    await ask(`${world.erp.facts.origin}/sandbox/customers/${erpId}`, { method: 'PATCH', body: { WebsiteUrl: value } })
    return { id: shopId, value }
  })
}

/** One edit of each pair at an even pace, whatever becomes of the earlier ones. @returns milliseconds each */
async function timed(
  pairs: readonly LinkedPair[],
  observer: Observer,
  edit: (pair: LinkedPair, index: number) => Promise<{ id: string; value: string }>,
): Promise<number[]> {
  try {
    const began = performance.now()
    return await Promise.all(
      pairs.map(async (pair, index) => {
        await pause(Math.max(0, began + (index * 1_000) / EDITS_PER_SECOND - performance.now()))
        const { id, value } = await edit(pair, index)
        const answeredAt = performance.now()
        // The counterpart may have been quicker than our own reading of the answer.
        return Math.max(0, (await observer.shown(id, value)) - answeredAt)
      }),
    )
  } finally {
    await observer.end()
  }
}

function figuresOf(way: string, note: string, times: readonly number[]): Figure[] {
  const common = { unit: 'ms', how: 'measured', target: null } as const
  return [
    {
      ...common,
      name: `${way}, p50`,
      value: quantile(times, 0.5),
      note: `${times.length} edits of ${definition.recordName} websites; ${note}`,
    },
    {
      ...common,
      name: `${way}, p99`,
      value: quantile(times, 0.99),
      note: `slowest ${Math.round(Math.max(...times))} ms`,
    },
  ]
}
