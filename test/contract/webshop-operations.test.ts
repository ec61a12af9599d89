import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createApp } from '../../sandbox/webshop/app.ts'
import { defaultWebhookSecret } from '../../sandbox/webshop/sandbox-keys.ts'
import { openShop } from '../../sandbox/webshop/shop.ts'
import { type ContractWorld, openContractWorld } from '../support/webshop-contract-world.ts'
import { answerFaults, type DescribedOperation, operations } from '../support/webshop-description.ts'
import { spoils, usualSettings } from '../support/webshop-refusals.ts'
import { fittingRequests } from '../support/webshop-requests.ts'

// Every operation of the document, every way in which it may answer, held against the document.

let world: ContractWorld
beforeAll(async () => {
  world = await openContractWorld()
})
afterAll(() => world.close())

/** Types of problems that an operation lists, and one reason or another for not giving. */
const neverGiven: Readonly<Record<string, string>> = {
  'GET /api/openapi.json unauthorized': 'the sandbox shows it to everybody; a shop need not',
}

describe('every operation of the description', () => {
  test('is there, and nothing else is', () => {
    const options = { dataFile: ':memory:', syncKey: 'k', webhookSecret: defaultWebhookSecret, settings: {} }
    const shop = openShop(options)
    const built = createApp(shop)
      .routes.filter(
        ({ method, path }) => method !== 'ALL' && path.startsWith('/api/') && !path.startsWith('/api/docs'),
      )
      .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`)
    shop.close()
    expect(new Set(built)).toEqual(new Set(operations.map(({ name }) => name)))
  })

  test.each(operations.map((each) => [each.name, each] as const))(
    '%s answers in every way that is listed',
    async (name, operation) => {
      await expect(answered(operation, undefined)).resolves.toEqual({
        status: successOf(operation),
        type: '',
        faults: [],
      })
      const refusals = refusalsOf(operation)
      expect(refusals.length).toBeGreaterThan(2)
      for (const { status, type } of refusals.filter((each) => !(`${name} ${each.type}` in neverGiven))) {
        expect(await answered(operation, type)).toEqual({ status, type, faults: [] })
      }
    },
  )
})

function successOf({ answers }: DescribedOperation): number {
  const [status] = Object.keys(answers).filter((each) => each.startsWith('2'))
  return Number(status)
}

/** Each type of problem is an example of the answer that it is. */
function refusalsOf({ answers }: DescribedOperation): { status: number; type: string }[] {
  return Object.entries(answers).flatMap(([status, { content }]) =>
    Object.keys(content?.['application/problem+json']?.examples ?? {}).map((type) => ({
      status: Number(status),
      type,
    })),
  )
}

/** @param type of the problem that is provoked; undefined: none */
async function answered(operation: DescribedOperation, type: string | undefined) {
  const fitting = fittingRequests[operation.operationId]
  if (!fitting) throw new Error(`${operation.name} is not driven: webshop-requests.ts has no ${operation.operationId}`)
  const spoil = type === undefined ? undefined : spoils[type]
  if (type !== undefined && !spoil) throw new Error(`${type} is not provoked: webshop-refusals.ts does not know it`)
  const good = fitting(world)
  const { request, settings, times = 1 } = (await spoil?.(good, world)) ?? { request: good }
  if (settings) await world.settings(settings)
  let seen = await world.send(request)
  for (let sent = 1; sent < times; sent += 1) seen = await world.send(request)
  if (settings) await world.settings(usualSettings)
  const isProblem = seen.header('content-type')?.startsWith('application/problem+json')
  const problemType: string = isProblem ? JSON.parse(seen.text).type : ''
  return { status: seen.status, type: problemType.split('/').at(-1) ?? '', faults: answerFaults(operation, seen) }
}
