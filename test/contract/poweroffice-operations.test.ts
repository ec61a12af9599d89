import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createFaultPlan } from '../../sandbox/faults/fault-plan.ts'
import { apiRoutes } from '../../sandbox/poweroffice/api-routes.ts'
import { openState } from '../../sandbox/poweroffice/open-state.ts'
import { createSettings, type SwitchChanges } from '../../sandbox/poweroffice/settings.ts'
import { resetSandbox } from '../sandbox-poweroffice-support.ts'
import { type MutatedRequest, unspoiled } from '../support/mutate-request.ts'
import { answerFaults } from '../support/poweroffice-answer.ts'
import { type Case, cases } from '../support/poweroffice-cases.ts'
import { type DescribedOperation, operations } from '../support/poweroffice-description.ts'
import { type PowerOfficeWorld, startPowerOfficeWorld } from '../support/poweroffice-world.ts'
import type { RawAnswer } from '../support/send-mutated.ts'

// Every operation of openapi.json, every way in which it may answer, held against the document.

let world: PowerOfficeWorld
beforeAll(async () => {
  world = await startPowerOfficeWorld()
})
afterAll(() => world.close())

/** Answers that the document lists and the sandbox has no reason to give. */
const neverGiven: Readonly<Record<string, string>> = {
  'GET /ClientIntegrationInformation 403': 'it needs no role',
  'GET /SalesOrders 404': 'declared without saying for what; unknown filter values match nothing',
  'GET /OutgoingInvoices 404': 'declared without saying for what; unknown filter values match nothing',
  'POST /PaymentTerms 404': 'a payment term points to nothing',
  'POST /DeliveryTerms 404': 'a delivery term points to nothing',
}

describe('every operation of the description', () => {
  test('is there, under the same roles, and nothing else is', () => {
    const state = openState(':memory:', createSettings(), createFaultPlan([]))
    const built = apiRoutes(state).map(({ method, path, roles }) => [`${method} ${path}`, [...roles].sort()])
    state.database.close()
    const described = operations.map(({ name, operation }) => [name, [...(operation['x-auth-roles'] ?? [])].sort()])
    expect(described.length).toBeGreaterThan(60)
    expect(built.sort()).toEqual(described.sort())
  })

  test.each(operations.map((each) => [each.name, each] as const))(
    '%s answers in every way that is listed',
    async (_, each) => {
      const seen: number[] = []
      for (const one of [...(cases[each.name] ?? []), ...refusals(each)]) {
        const { status, faults } = await answered(each, one)
        expect({ asked: one.status, status, faults }).toEqual({ asked: one.status, status: one.status, faults: [] })
        seen.push(status)
      }
      const reachable = each.statuses.filter((status) => !(`${each.name} ${status}` in neverGiven))
      expect([...new Set(seen)].filter((status) => each.statuses.includes(status)).sort()).toEqual(reachable)
    },
  )
})

/** What every operation answers without a token, without the role, too fast. */
function refusals({ name, operation }: DescribedOperation): Case[] {
  const ask = cases[name]?.[0]?.ask
  if (!ask) throw new Error(`${name} has no case in poweroffice-cases.ts`)
  const roles = operation['x-auth-roles'] ?? []
  const withoutToken: Case = {
    status: 401,
    ask: async () => ({ ...(await ask(world)), headers: { Authorization: '' } }),
  }
  const tooFast: SwitchChanges = { rateLimit: 1 }
  return [
    withoutToken,
    ...(roles.length === 0 ? [] : [{ status: 403, switches: { missingPrivileges: [...roles] }, ask }]),
    { status: 429, switches: tooFast, ask },
  ]
}

async function answered({ method }: DescribedOperation, { ask, switches, status }: Case) {
  // What a case needs is made before its switches hold.
  const { path, headers, body } = await ask(world)
  if (switches) world.sandbox.settings.change(switches)
  const request = unspoiled({ method, path: `/v2${path}`, headers: { ...world.headers, ...headers }, body })
  const answer = status === 429 ? await throttled(request) : await world.client.send(request)
  resetSandbox(world.sandbox)
  const seen = {
    status: answer.status,
    text: answer.text,
    header: (name: string) => answer.headers[name.toLowerCase()]?.toString() ?? null,
  }
  const asked = { method, path: path.split('?')[0] ?? path }
  return { status: answer.status, faults: answerFaults(asked, seen) }
}

/** Two at once, again until one of them is too fast: on a busy machine a second may pass between them. */
async function throttled(request: MutatedRequest): Promise<RawAnswer> {
  for (let round = 1; ; round += 1) {
    const answers = await Promise.all([world.client.send(request), world.client.send(request)])
    const tooFast = answers.find(({ status }) => status === 429)
    if (tooFast || round === 20) return tooFast ?? answers[0]
  }
}
