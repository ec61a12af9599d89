import { shardWorkflowId } from '../../flows/directory.ts'
import type { ShardSummary } from '../../flows/memory.ts'
import { inventCustomers, respelled } from '../customers.ts'
import type { Figure, Scenario } from '../figure.ts'
import { inWorld, until, type World } from '../world.ts'

const RECORDS = 3_000

export const linkSize: Scenario = {
  name: 'link-size',
  title: `carried state of a leaf with ${RECORDS} links: half found on both sides, half created`,
  run: (ground) =>
    inWorld(ground, {}, async (world) => {
      const customers = inventCustomers(RECORDS)
      await world.fillErp(customers)
      // Those with a key to be matched by, as the shop's own people typed them.
      const known = customers.filter((customer) => customer.email !== null || customer.organizationNumber !== null)
      await world.fillShop(respelled(known.slice(0, RECORDS / 2)))
      await world.startWorker()
      await world.startFlow()
      const status = await world.settled()
      const leaf = await carriedState(world, 0)
      const matched = status.counters.outcomes.linked ?? 0
      return figuresOf(leaf, matched)
    }),
}

interface Carried {
  readonly links: number
  readonly encodedBytes: number
  readonly textBytes: number
}

/** The leaf is told to continue as new; what its next run starts with is the carried state, encoded as it is stored. */
async function carriedState(world: World, shard: number): Promise<Carried> {
  const handle = world.client.workflow.getHandle(shardWorkflowId(world.connectionName, 'customers', shard))
  const before = (await handle.describe()).runId
  await handle.signal('roll')
  await until('the leaf to continue as new', async () =>
    (await handle.describe()).runId === before ? undefined : true,
  )
  const { linked, bytes } = await handle.query<ShardSummary>('summary')
  const { events } = await handle.fetchHistory()
  const payloads = events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? []
  const encodedBytes = payloads.reduce((total, payload) => total + (payload.data?.length ?? 0), 0)
  return { links: linked, encodedBytes, textBytes: bytes }
}

function figuresOf({ links, encodedBytes, textBytes }: Carried, matched: number): Figure[] {
  return [
    {
      name: 'encoded bytes a link',
      value: encodedBytes / links,
      unit: 'B',
      how: 'measured',
      target: { atMost: 96 },
      note: `${links} links of one leaf, ${matched} of them matched, in ${encodedBytes} bytes as stored; ${Math.round(textBytes / links)} bytes of text a link before deflating`,
    },
  ]
}
