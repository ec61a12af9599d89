import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { waitForHealth } from '../activities/health.ts'
import type { Pulse } from '../activities/heartbeat.ts'
import type { WorldRequest } from '../activities/live/world-request.ts'
import { VendorTrouble } from '../activities/vendor-trouble.ts'

let looks: number[]
let failing: number

/** Both systems, which count the looks; the first `failing` of them meet a system that is down. */
function request(): WorldRequest {
  const checkHealth = async (): Promise<void> => {
    looks.push(Date.now())
    if (looks.length <= failing)
      throw new VendorTrouble({ type: 'Unreachable', where: 'erp', message: 'PowerOffice does not answer.' })
  }
  const collection = { readMany: async () => new Map() }
  const system = { checkHealth, collection: () => collection }
  return {
    systems: { erp: system, shop: { ...system, checkHealth: async () => undefined } },
    definition: { name: 'customers' },
    directory: { shards: [] },
    context: {},
  } as unknown as WorldRequest
}
const pulse = { signal: new AbortController().signal, say: () => undefined } as unknown as Pulse
const wait = (isRepeated: boolean) =>
  waitForHealth(request(), pulse, { firstPauseMs: 30_000, isRepeated, assertFirstLeaves: async () => undefined })

beforeEach(() => {
  vi.useFakeTimers({ now: 0 })
  looks = []
  failing = 0
})
afterEach(() => {
  vi.useRealTimers()
})

test('a flow in trouble looks again after its pause', async () => {
  const healthy = wait(false)
  await vi.runAllTimersAsync()
  await healthy
  expect(looks).toEqual([30_000])
})

test('E17: an attempt that takes over from a dead one looks at once, or a flow whose workers live for less than its pause would stand still', async () => {
  const healthy = wait(true)
  await vi.runAllTimersAsync()
  await healthy
  expect(looks).toEqual([0])
})

test('a system that is still down is asked again, less and less often', async () => {
  failing = 6
  const healthy = wait(true)
  await vi.runAllTimersAsync()
  await healthy
  expect(looks.map((at) => at / 1_000)).toEqual([0, 1, 3, 7, 15, 31, 61])
})
