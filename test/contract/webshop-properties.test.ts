import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Making, requestsOf } from '../support/webshop-arbitraries.ts'
import { type ContractWorld, openContractWorld } from '../support/webshop-contract-world.ts'
import { answerFaults, operations } from '../support/webshop-description.ts'

// Requests made from the schemas of the description get answers of the description, whatever is in them.

const numRuns = Number(process.env['KOBLING_TEST_RUNS'] || 40)
const seed = Number(process.env['KOBLING_TEST_SEED'] || 20_261_125)

const written = operations.filter((each) => each.body)

describe.each(operations.map((each) => [each.name, each] as const))('%s', (_, operation) => {
  // A shop of its own for each: a failing seed fails again, whatever ran before.
  let world: ContractWorld
  beforeAll(async () => {
    world = await openContractWorld()
  })
  afterAll(() => world.close())

  test('answers as described what is valid, and carries some of it out', async () => {
    const statuses = await answers('valid')
    expect(
      [...statuses].filter((status) => status < 300),
      `seen: ${[...statuses]}`,
    ).not.toEqual([])
  })

  test.each<Making>(['boundary', 'invalid'])('answers as described what is %s', async (making) => {
    const statuses = await answers(making)
    expect(Math.max(...statuses)).toBeLessThan(500)
  })

  /** @returns the statuses that came; each answer is as the document has it */
  async function answers(making: Making): Promise<Set<number>> {
    const statuses = new Set<number>()
    const property = fc.asyncProperty(requestsOf(operation, making), async (ask) => {
      const asked = ask(world)
      const seen = await world.send(asked)
      statuses.add(seen.status)
      const faults = answerFaults(operation, seen)
      expect({ asked, faults }).toEqual({ asked, faults: [] })
    })
    await fc.assert(property, { numRuns, seed })
    return statuses
  }
})

describe('what a schema does not allow', () => {
  let world: ContractWorld
  beforeAll(async () => {
    world = await openContractWorld()
  })
  afterAll(() => world.close())

  test.each(written.map((each) => [each.name, each] as const))(
    '%s refuses, and names the field',
    async (_, operation) => {
      const property = fc.asyncProperty(requestsOf(operation, 'invalid'), async (ask) => {
        const { status, text } = await world.send(ask(world))
        expect([status, text]).toEqual([422, expect.stringMatching(/"errors":\[\{"pointer":"\//)])
      })
      await fc.assert(property, { numRuns, seed })
    },
  )
})

describe('what was answered to a write', () => {
  let world: ContractWorld
  beforeAll(async () => {
    world = await openContractWorld()
  })
  afterAll(() => world.close())

  const records = written.filter(({ path }) => !path.includes('/lines'))
  test.each(records.map((each) => [each.name, each] as const))(
    '%s is what is read afterwards',
    async (_, operation) => {
      let read = 0
      const property = fc.asyncProperty(requestsOf(operation, 'valid'), async (ask) => {
        const asked = ask(world)
        const answer = await world.send(asked)
        if (answer.status >= 300) return
        const path = answer.header('location') ?? asked.path
        const again = await world.send({ method: 'GET', path, headers: world.headers })
        expect([again.text, again.header('etag')]).toEqual([answer.text, answer.header('etag')])
        read += 1
      })
      await fc.assert(property, { numRuns, seed })
      expect(read).toBeGreaterThan(0)
    },
  )
})
