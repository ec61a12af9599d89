import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { eachAlone, inOneWorld, type SwitchCase, seenInGroups } from '../support/switch-cases.ts'
import { healAll, holdTo, type SwitchWorld, startSwitchWorld } from '../support/switch-positions.ts'

// Everything that is not known for certain of PowerOffice, flipped while the flows run: several positions a round, or one a
// round with KOBLING_SWITCHES=each, which takes a quarter of an hour.

// Several waits a round, each far longer than anything takes.
vi.setConfig({ testTimeout: 900_000 })

let switched: SwitchWorld

beforeAll(async () => {
  switched = await startSwitchWorld()
})
afterEach(() => healAll(switched))
afterAll(async () => {
  await switched.world.close()
})

const cases = inOneWorld(process.env['KOBLING_SWITCHES'] === 'each' ? eachAlone() : seenInGroups())

function titleOf({ sync, positions }: SwitchCase): string {
  return `the sync ${sync.kind}: ${positions.join(', ')}`
}

test.each(cases.map((one) => [titleOf(one), one] as const))('%s', async (_title, one) => {
  expect.hasAssertions()
  await holdTo(switched, one)
})

test('worstCase: all that may occur together, with answers lost, values cleared and an order invoiced, converges, and so do the defaults afterwards', async () => {
  const sync = { kind: 'converges', how: 'each by its own means' } as const
  await holdTo(switched, { set: { preset: 'worstCase' }, events: ['lostReply', 'clearing', 'invoice'], sync })
  await healAll(switched)
  expect(switched.world.erp.settings.current().listOrder).toBe('creation')
  await holdTo(switched, { set: {}, events: [], sync })
})
