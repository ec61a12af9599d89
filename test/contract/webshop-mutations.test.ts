import { afterAll, beforeAll, expect, test } from 'vitest'
import { type MutatedRequest, mutateRequest, type SampleRequest } from '../support/mutate-request.ts'
import { seededRandom } from '../support/seeded-random.ts'
import { type ContractWorld, openContractWorld } from '../support/webshop-contract-world.ts'
import { operations } from '../support/webshop-description.ts'
import { fittingRequests } from '../support/webshop-requests.ts'

let world: ContractWorld
beforeAll(async () => {
  world = await openContractWorld()
})
afterAll(() => world.close())

const requests = Number(process.env['KOBLING_TEST_MUTATIONS'] || 10_000)
const seed = Number(process.env['KOBLING_TEST_SEED'] || 20_261_125)
const atOnce = 16
/** Records are used up; after so many rounds through all operations there are new ones. */
const renewedEvery = 20

test(`${requests} spoiled requests get no 5xx, and the shop answers afterwards (seed ${seed})`, {
  timeout: 600_000,
}, async () => {
  const dice = seededRandom(seed)
  const statuses = new Set<number>()
  const wrong: string[] = []
  let samples = workingRequests()
  for (let sent = 0; sent < requests; sent += atOnce) {
    if (sent % (samples.length * renewedEvery) < atOnce) samples = workingRequests()
    const batch = Array.from({ length: Math.min(atOnce, requests - sent) }, (_, index) =>
      mutateRequest(samples[(sent + index) % samples.length] as SampleRequest, dice),
    )
    const answers = await Promise.all(batch.map(statusOf))
    answers.forEach((status, index) => {
      if (typeof status === 'string' || status >= 500) wrong.push(`${status}: ${shown(batch[index])}`)
      else statuses.add(status)
    })
  }
  expect({ seed, wrong }).toEqual({ seed, wrong: [] })
  // It proved something: some went through in spite of their fault, and they were refused in many ways.
  expect([...statuses]).toEqual(expect.arrayContaining([200, 201, 204, 400, 401, 404, 409, 412, 415, 422, 428]))
  for (const sample of workingRequests())
    expect([sample.path, (await world.send(sample)).status < 300]).toEqual([sample.path, true])
})

/** One request of each operation that would have worked. */
function workingRequests(): SampleRequest[] {
  return operations.map(({ operationId }) => {
    const fitting = fittingRequests[operationId]
    if (!fitting) throw new Error(`webshop-requests.ts has no ${operationId}`)
    return fitting(world)
  })
}

async function statusOf(request: MutatedRequest): Promise<number | string> {
  return world.send(request).then(
    ({ status }) => status,
    (failure: Error) => failure.message,
  )
}

function shown(request: MutatedRequest | undefined): string {
  if (!request) return ''
  const { method, path, headers, body, mutations } = request
  return `${method} ${path.slice(0, 300)} ${JSON.stringify(headers).slice(0, 600)} ${body?.toString().slice(0, 400)} (${mutations.join(', ')})`
}

test.each(['9007199254740993', 'a b:99999', '[::1', 'localhost:port', ''])(
  'a Host that is none (%s) is no failure',
  async (host) => {
    for (const sample of workingRequests()) {
      const { status } = await world.send({ ...sample, headers: { ...sample.headers, host } })
      expect([sample.method, sample.path, status < 500]).toEqual([sample.method, sample.path, true])
    }
  },
)
