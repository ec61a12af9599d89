import { inventCustomers } from '../customers.ts'
import type { Figure, Scenario } from '../figure.ts'
import type { Arrival } from '../processes/erp-sandbox.ts'
import { inWorld } from '../world.ts'

const RECORDS = 300
const REQUESTS_PER_SECOND = 10

export const createInErp: Scenario = {
  name: 'create-in-erp',
  title: `${RECORDS} webshop customers created in PowerOffice at ${REQUESTS_PER_SECOND} requests a second`,
  run: (ground) =>
    inWorld(
      ground,
      { requestsPerSecond: REQUESTS_PER_SECOND, switches: { rateLimit: REQUESTS_PER_SECOND } },
      async (world) => {
        await world.fillShop(inventCustomers(RECORDS))
        await world.startWorker()
        await world.startFlow()
        const status = await world.settled()
        if (status.counters.outcomes.created !== RECORDS)
          throw new Error(`${status.counters.outcomes.created} of ${RECORDS} were created`)
        const arrivals = await world.erp.ask<Arrival[]>('arrivals')
        const { throttled } = await world.erp.ask<{ throttled: number }>('report')
        return figuresOf(arrivals, throttled)
      },
    ),
}

function figuresOf(arrivals: readonly Arrival[], throttled: number): Figure[] {
  const isPost = ([, route]: Arrival): boolean => /^POST .*customers$/i.test(route)
  const posts = arrivals.filter(isPost)
  const [first, last] = [posts[0]?.[0] ?? Number.NaN, posts.at(-1)?.[0] ?? Number.NaN]
  const seconds = (last - first) / 1_000
  // The first POST opens the span: what arrived in it after that is counted.
  const within = arrivals.filter(([at]) => at > first && at <= last)
  const untilLast = arrivals.filter(([at]) => at <= last)
  const others = untilLast.filter((arrival) => !isPost(arrival))
  const lists = others.filter(([, route]) => /^GET .*customers$/i.test(route)).length
  return [
    {
      name: 'share of the rate used from first to last POST',
      value: (100 * within.length) / (REQUESTS_PER_SECOND * seconds),
      unit: '%',
      how: 'measured',
      target: { atLeast: 95 },
      note: `${within.length} requests in ${seconds.toFixed(1)} s, longest pause ${Math.round(longestPause(arrivals, first, last))} ms`,
    },
    {
      name: 'requests a created record',
      value: untilLast.length / RECORDS,
      unit: 'requests',
      how: 'measured',
      target: { atMost: 1.1 },
      note: `${posts.length} POST, ${lists} lists (a poll every 2 s among them) and ${others.length - lists} others, to the last POST`,
    },
    { name: 'answers 429', value: throttled, unit: 'answers', how: 'measured', target: { atMost: 0 }, note: '' },
  ]
}

function longestPause(arrivals: readonly Arrival[], first: number, last: number): number {
  const times = arrivals.map(([at]) => at).filter((at) => at >= first && at <= last)
  return Math.max(0, ...times.slice(1).map((at, index) => at - (times[index] ?? at)))
}
