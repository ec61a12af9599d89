import { appendFileSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, expect, onTestFailed, test } from 'vitest'
import type { SwitchChanges } from '../../sandbox/poweroffice/settings.ts'
import { healAll, holdTo, type SwitchWorld, startSwitchWorld } from '../support/switch-positions.ts'
import { switchGroups } from '../switch-facts/all-switches.ts'
import type { Position } from '../switch-facts/switch-facts.ts'

// Everything that is not known for certain of PowerOffice, one position at a time, flipped while the flows run.

let switched: SwitchWorld

beforeAll(async () => {
  switched = await startSwitchWorld()
})
afterEach(() => healAll(switched))
afterAll(async () => {
  await switched.world.close()
})

const positions = switchGroups.flatMap(({ switches }) =>
  Object.entries(switches).flatMap(([name, { positions: all }]) =>
    Object.entries(all).map(
      ([word, position]) => [titleOf(name, word, position), withSet(name, word, position)] as const,
    ),
  ),
)

function titleOf(name: string, word: string, { sync }: Position): string {
  return `${name} ${word}: ${sync.kind}, ${sync.how}`
}

function withSet(name: string, word: string, position: Position): Position & { readonly set: SwitchChanges } {
  const value = word === 'true' ? true : word
  return { ...position, set: position.set ?? { [name]: value } }
}

test.each(positions)('%s', async (_title, position) => {
  expect.hasAssertions()
  onTestFailed(({ task }) => {
    appendFileSync(
      '/tmp/h2-fail.log',
      `${task.name}\n${task.result?.errors?.map((e) => `${e.message}\n${e.diff ?? ''}\n${e.stack?.split('\n').slice(0, 6).join('\n')}`).join('\n')}\n\n`,
    )
  })
  await holdTo(switched, position)
})

test('worstCase: all that may occur together, with answers lost and an order invoiced, converges, and so do the defaults afterwards', async () => {
  const together = { set: { preset: 'worstCase' }, sync: { kind: 'converges', how: 'each by its own means' } } as const
  await holdTo(switched, { ...together, event: 'lostReply' })
  await holdTo(switched, { ...together, event: 'invoice' })
  await holdTo(switched, { ...together, event: 'clearing' })
  await healAll(switched)
  expect(switched.world.erp.settings.current().listOrder).toBe('creation')
  await holdTo(switched, { set: {}, sync: together.sync })
})
