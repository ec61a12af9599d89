import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type SampleRequest, unspoiled } from '../support/mutate-request.ts'
import { answerFaults } from '../support/poweroffice-answer.ts'
import { requestsOf } from '../support/poweroffice-arbitraries.ts'
import { type DescribedOperation, operations } from '../support/poweroffice-description.ts'
import { type PowerOfficeWorld, startPowerOfficeWorld } from '../support/poweroffice-world.ts'

// Requests made from the schemas of the description get answers of the description, whatever is in them.

const numRuns = Number(process.env.KOBLING_TEST_RUNS || 30)
const seed = Number(process.env.KOBLING_TEST_SEED || 20_261_125)

/** Operations of one entity share a company, those of orders do not: orders go away, by DELETE or as invoices. */
function groupOf({ name, template }: DescribedOperation): string {
  return template.startsWith('/SalesOrders') ? name : `/${template.split('/')[1]}`
}

const groups = [...new Set(operations.map(groupOf))]

// A company of its own for each: a failing seed fails again, whatever ran before.
describe.each(groups)('requests of %s', (group) => {
  let world: PowerOfficeWorld
  beforeAll(async () => {
    world = await startPowerOfficeWorld()
  })
  afterAll(() => world.close())

  const own = operations.filter((each) => groupOf(each) === group)
  test.each(own.map((each) => [each.name, each] as const))('%s answers as described', async (_, each) => {
    const statuses = new Set<number>()
    const property = fc.asyncProperty(requestsOf(each, world), async (request) => {
      const { status, faults } = await answered(world, request)
      statuses.add(status)
      expect(faults).toEqual([])
    })
    await fc.assert(property, { numRuns, seed })
    // It proved something: requests that work were among them, unless all there is to delete is in use.
    const worked = (status: number) => status < 300 || (each.method === 'DELETE' && status === 409)
    expect([...statuses].filter(worked), `answers seen: ${[...statuses]}`).not.toEqual([])
  })
})

async function answered(
  world: PowerOfficeWorld,
  request: SampleRequest,
): Promise<{ status: number; faults: readonly string[] }> {
  const answer = await world.client.send(unspoiled(request))
  const [path = '', query = ''] = request.path.slice('/v2'.length).split('?')
  const seen = {
    status: answer.status,
    text: answer.text,
    header: (name: string) => answer.headers[name.toLowerCase()]?.toString() ?? null,
  }
  const fields = /(^|&)fields=[^&]/i.test(query)
  return { status: answer.status, faults: answerFaults({ method: request.method, path, fields }, seen) }
}
