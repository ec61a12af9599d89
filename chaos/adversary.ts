import { setTimeout as pause } from 'node:timers/promises'
import { choose } from './load/choose.ts'
import type { Random } from './load/operations.ts'
import type { ChaosWorld } from './world.ts'

/** One thing that goes wrong. */
interface Act {
  readonly name: string
  readonly weight: number
  readonly isKill: boolean
  /** Answers false where it did not come to it. */
  readonly run: (world: ChaosWorld, random: Random) => Promise<unknown>
}

/** Longer than the heartbeat timeout of ten seconds, so that another worker takes over what the sleeper still holds. */
const longPauseMs = 13_000

const acts: readonly Act[] = [
  {
    name: 'kill -9 of a worker',
    weight: 3,
    isKill: true,
    run: (world, random) => world.killWorker(random.between(0, 1)),
  },
  { name: 'kill -9 of the Temporal server', weight: 1, isKill: true, run: (world) => world.killServer() },
  {
    name: 'worker asleep',
    weight: 1,
    isKill: false,
    run: (world, random) => world.sleepWorker(random.between(0, 1), longPauseMs),
  },
  {
    name: 'system asleep',
    weight: 1,
    isKill: false,
    run: (world, random) => world.sleepSystem(anySystem(random), random.between(500, 4_000)),
  },
  { name: 'tokens revoked', weight: 1, isKill: false, run: (world) => world.revokeTokens() },
  {
    name: 'webhooks lost',
    weight: 1,
    isKill: false,
    run: (world, random) => world.loseWebhooks(random.between(1_000, 6_000)),
  },
  webhookFault('webhooks repeated', 'webhookDuplicated', (random) => ({ copies: random.between(1, 3) })),
  webhookFault('webhooks late', 'webhookDelayed', (random) => ({ latencyMs: random.between(500, 6_000) })),
  webhookFault('webhooks in another order', 'webhookReordered', () => ({})),
  ...(['before', 'after'] as const).flatMap((when): Act[] => [
    fault(`connection reset ${when} the write`, 3, (random) => ({
      kind: 'reset',
      when,
      method: writing(random),
      count: random.between(1, 6),
    })),
    fault(`500 ${when} the write`, 2, (random) => ({
      kind: 'status',
      status: 500,
      when,
      method: writing(random),
      count: random.between(1, 6),
    })),
    fault(`503 ${when} the write`, 1, (random) => ({
      kind: 'status',
      status: 503,
      when,
      method: writing(random),
      count: random.between(1, 4),
      headers: { 'retry-after': '1' },
    })),
    fault(`answer cut short ${when} the write`, 1, (random) => ({
      kind: 'truncated',
      when,
      count: random.between(1, 4),
    })),
  ]),
  // It has to be looked for again and again before it is made again: nobody refuses a second product.
  fault('connection reset, and the create lands late', 3, (random) => ({
    kind: 'reset',
    when: 'late',
    method: 'POST',
    latencyMs: random.between(500, 8_000),
    count: random.between(1, 4),
  })),
  fault('429 storm', 2, (random) => ({
    kind: 'status',
    status: 429,
    count: random.between(5, 40),
    headers: { 'retry-after': '1' },
  })),
  fault('500 storm', 1, (random) => ({ kind: 'status', status: 500, count: random.between(5, 30) })),
  fault('garbage instead of JSON', 1, (random) => ({ kind: 'garbage', method: 'GET', count: random.between(1, 4) })),
  fault('HTML of a gateway', 1, (random) => ({ kind: 'html', count: random.between(1, 4), status: 502 })),
  fault('slow answers', 1, (random) => ({
    kind: 'latency',
    latencyMs: random.between(200, 3_000),
    count: random.between(2, 20),
  })),
]

/** People make records all the time, until there are enough of them. */
const createWithinMs = 20_000

/** Longer than a create that may still arrive is waited for before it is made again (rule E18), and made. */
const longestPauseMs = 60_000
/** What PowerOffice says of when to come back, and when whoever was not put to sleep has done so. */
const retryAfterSeconds = 4
const hasComeBackMs = 7_000

/**
 * PowerOffice says "later" to a create, and before that time has come its worker falls asleep, for so long that another makes the
 * record meanwhile: whoever wakes up must not send it any more. Too rare by chance, and nothing else would notice.
 */
const asleepBeforeCreate: Act = {
  name: 'worker asleep before a create',
  weight: 1,
  isKill: false,
  run: async (world) => {
    const later = { kind: 'status', status: 429, method: 'POST', path: '/Products', count: 2 }
    const asked = { ...later, headers: { 'retry-after': `${retryAfterSeconds}` } }
    const hits = await world.meetFault('erp', asked, createWithinMs)
    if (hits === null) return false
    let wake = world.putToSleep(0)
    await pause(hasComeBackMs)
    // It was the other one, who has come back by now, and was told the same again.
    if ((await hits()) > 1) {
      const wakeFirst = wake
      wake = world.putToSleep(1)
      wakeFirst()
    }
    await pause(longestPauseMs - hasComeBackMs)
    wake()
    return true
  },
}

/** Long enough for an attempt that does not wait to have looked and sent it again. */
const landsAfterMs = 8_000

/** Of those that come by chance, few meet a create in PowerOffice: these meet one in every run. */
const faultsOfCreates: readonly Act[] = [
  metByCreate('a product lands late', {
    kind: 'reset',
    when: 'late',
    method: 'POST',
    path: '/Products',
    latencyMs: landsAfterMs,
    count: 2,
  }),
  metByCreate('the answer to an order is lost', {
    kind: 'reset',
    when: 'after',
    method: 'POST',
    path: '/SalesOrders',
    // Only an order is sent with lines of its own.
    match: 'SalesOrderLines',
    count: 2,
  }),
]

/** After the first kill, and so many later. */
const killsBetweenRareActs = 20

const killing = acts.filter((act) => act.isKill)
const others = acts.filter((act) => !act.isKill)

/**
 * What goes wrong in a run, in order: `kills` kills, three other things for each, and now and then some that chance would hardly bring. The seed decides all of it.
 */
export function planActs(kills: number, random: Random): readonly Act[] {
  const plan: Act[] = []
  for (let kill = 0; kill < kills; kill += 1) {
    plan.push(choose(killing, random))
    for (let other = 0; other < 3; other += 1) plan.push(choose(others, random))
    if (kill % killsBetweenRareActs === 0) plan.push(...faultsOfCreates, asleepBeforeCreate)
  }
  return plan
}

/** Carries the plan out, evenly spread over the time. @returns what was done, counted by kind */
export async function runAdversary(
  world: ChaosWorld,
  random: Random,
  { kills, durationMs }: { readonly kills: number; readonly durationMs: number },
): Promise<Record<string, number>> {
  const plan = planActs(kills, random)
  const counts: Record<string, number> = {}
  const began = Date.now()
  for (const [index, act] of plan.entries()) {
    await pause(Math.max(0, began + (durationMs * index) / plan.length - Date.now()))
    if ((await act.run(world, random)) === false) continue
    counts[act.name] = (counts[act.name] ?? 0) + 1
  }
  await pause(Math.max(0, began + durationMs - Date.now()))
  return counts
}

function fault(name: string, weight: number, make: (random: Random) => object): Act {
  return { name, weight, isKill: false, run: (world, random) => world.planFault(anySystem(random), make(random)) }
}

function metByCreate(name: string, fault: object): Act {
  return {
    name,
    weight: 1,
    isKill: false,
    run: async (world) => (await world.meetFault('erp', fault, createWithinMs)) !== null,
  }
}

function webhookFault(name: string, kind: string, make: (random: Random) => object): Act {
  const plan = (random: Random) => ({ kind, count: random.between(3, 12), ...make(random) })
  return { name, weight: 1, isKill: false, run: (world, random) => world.planFault('shop', plan(random)) }
}

function anySystem(random: Random): 'erp' | 'shop' {
  return random.between(0, 1) === 0 ? 'erp' : 'shop'
}

function writing(random: Random): string {
  return random.between(0, 2) === 0 ? 'PATCH' : 'POST'
}
