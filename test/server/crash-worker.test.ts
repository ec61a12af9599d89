import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type CrashWorld,
  editBoth,
  expectedVerdict,
  startCrashWorld,
  sweepFinds,
  verdictOf,
} from '../support/crash-world.ts'
import { seededRandom } from '../support/seeded-random.ts'

const KILLS = 20
const random = seededRandom(20_261_123)
let world: CrashWorld
/** Writes that had reached the systems at each kill. */
const writesAtKill: number[] = []

beforeAll(async () => {
  world = await startCrashWorld()
  await world.startFlow()
  for (let kill = 1; kill <= KILLS; kill += 1) {
    await world.startWorker()
    // Counted in requests that the systems have seen, so that a slow machine is killed at the same places.
    await world.progress(random.between(1, 40))
    await world.killWorker()
    writesAtKill.push(await world.writes())
    await editBoth(world, random, kill)
  }
  await world.startWorker()
  await world.settled()
}, 600_000)
afterAll(async () => {
  await world?.close()
})

test(`E18, E5: after ${KILLS} kills of the worker no customer exists twice, none is missing, and the memory holds exactly the pairs that the systems show`, async () => {
  console.log('writes at the kills', writesAtKill.join(' '))
  // The kills fell into the work, not around it.
  expect(new Set(writesAtKill).size).toBeGreaterThan(KILLS / 3)
  expect(await verdictOf(world)).toEqual(expectedVerdict())
})

test('rule 6: a sweep over everything and another start after it write what was edited since and nothing else', async () => {
  const writes = await world.writes()
  await sweepFinds(world, 'Sveipegata 1')
  await world.settled()
  expect(await world.writes()).toBe(writes + 1)
  await world.handle.terminate('everything starts anew')
  await world.startFlow()
  await world.settled()
  await sweepFinds(world, 'Sveipegata 2')
  await world.settled()
  expect(await world.writes()).toBe(writes + 2)
  expect(await verdictOf(world)).toEqual(expectedVerdict())
})
