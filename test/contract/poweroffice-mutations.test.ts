import { afterAll, beforeAll, expect, test } from 'vitest'
import { type MutatedRequest, mutateRequest, type SampleRequest, unspoiled } from '../support/mutate-request.ts'
import { cases } from '../support/poweroffice-cases.ts'
import { operations } from '../support/poweroffice-description.ts'
import { type PowerOfficeWorld, startPowerOfficeWorld } from '../support/poweroffice-world.ts'
import { seededRandom } from '../support/seeded-random.ts'

let world: PowerOfficeWorld
beforeAll(async () => {
  world = await startPowerOfficeWorld()
})
afterAll(() => world.close())

const requests = Number(process.env.KOBLING_TEST_MUTATIONS || 10_000)
const seed = Number(process.env.KOBLING_TEST_SEED || 20_261_125)
const atOnce = 16

test(`${requests} spoiled requests get no 5xx, and it answers afterwards (seed ${seed})`, {
  timeout: 600_000,
}, async () => {
  const samples = await workingRequests()
  const dice = seededRandom(seed)
  const outcomes = new Map<number, number>()
  const wrong: string[] = []
  for (let sent = 0; sent < requests; sent += atOnce) {
    const batch = Array.from({ length: Math.min(atOnce, requests - sent) }, (_, index) => {
      const sample = samples[(sent + index) % samples.length] as SampleRequest
      return mutateRequest(sample, dice)
    })
    const answers = await Promise.all(batch.map(statusOf))
    answers.forEach((status, index) => {
      if (typeof status === 'string' || status >= 500) wrong.push(`${status}: ${shown(batch[index])}`)
      else outcomes.set(status, (outcomes.get(status) ?? 0) + 1)
    })
  }
  expect({ seed, wrong }).toEqual({ seed, wrong: [] })
  // It proved something: some went through in spite of their fault, and they were refused in several ways.
  expect([...outcomes.keys()].sort()).toEqual(expect.arrayContaining([200, 201, 204, 400, 401, 404, 415]))
  const healthy = await world.client.send(unspoiled(samples[0] as SampleRequest))
  expect(healthy.status).toBe(200)
})

/** One request of each operation that would have worked. */
async function workingRequests(): Promise<SampleRequest[]> {
  const samples: SampleRequest[] = []
  for (const { name, method } of operations) {
    const ask = cases[name]?.[0]?.ask
    if (!ask) throw new Error(`${name} has no case in poweroffice-cases.ts`)
    const { path, headers, body } = await ask(world)
    samples.push({ method, path: `/v2${path}`, headers: { ...world.headers, ...headers }, body })
  }
  const authorization = `Basic ${Buffer.from('sandbox-application:sandbox-client').toString('base64')}`
  const headers = {
    ...world.headers,
    Authorization: authorization,
    'Content-Type': 'application/x-www-form-urlencoded',
  }
  return [
    ...samples,
    { method: 'POST', path: '/OAuth/Token', headers, body: Buffer.from('grant_type=client_credentials') },
  ]
}

async function statusOf(request: MutatedRequest): Promise<number | string> {
  return world.client.send(request).then(
    ({ status }) => status,
    (failure: Error) => failure.message,
  )
}

function shown(request: MutatedRequest | undefined): string {
  if (!request) return ''
  const { method, path, body, mutations } = request
  const { Authorization: _, 'Ocp-Apim-Subscription-Key': __, ...headers } = request.headers
  return `${method} ${path.slice(0, 300)} ${JSON.stringify(headers).slice(0, 600)} ${body?.toString().slice(0, 400)} (${mutations.join(', ')})`
}
