import { AsyncLocalStorage } from 'node:async_hooks'
import { Context } from '@temporalio/activity'
import { MockActivityEnvironment } from '@temporalio/testing'
import { expect, test } from 'vitest'
import { startPulse } from '../activities/heartbeat.ts'
import { holdBriefly } from '../worker/hold-briefly.ts'

test('a value is held until the function first waits, also one within another, and no longer', async () => {
  const storage = new AsyncLocalStorage<string>()
  holdBriefly(storage)
  const seen: unknown[] = []
  const running = storage.run('outer', async () => {
    storage.run('inner', () => seen.push(storage.getStore()))
    seen.push(storage.getStore())
    await Promise.resolve()
    seen.push(storage.getStore())
    return 'answer'
  })
  seen.push(storage.getStore())
  expect(await running).toBe('answer')
  expect(seen).toEqual(['inner', 'outer', undefined, undefined])
})

test('a function that fails lets go of the value as well', () => {
  const storage = new AsyncLocalStorage<string>()
  holdBriefly(storage)
  const fail = (): never => {
    throw new Error('refused')
  }
  expect(() => storage.run('value', fail)).toThrow('refused')
  expect(storage.getStore()).toBeUndefined()
})

test('the pulse of an activity is its own while others begin: it took its context before it waited', async () => {
  const beats: unknown[] = []
  const environments = [3, 4].map((attempt) => new MockActivityEnvironment({ attempt }))
  environments[0]?.on('heartbeat', (words: unknown) => beats.push(words))
  let goOn = (): void => undefined
  const first = environments[0]?.run(async () => {
    const pulse = startPulse()
    pulse.say('two records')
    await new Promise<void>((resolve) => {
      goOn = resolve
    })
    pulse.assertAlive()
    pulse.stop()
    return pulse.attempt
  })
  const second = await environments[1]?.run(async () => {
    const pulse = startPulse()
    await Promise.resolve()
    pulse.stop()
    return [pulse.attempt, Context.current().info.attempt]
  })
  expect(second).toEqual([4, 4])
  await expect.poll(() => beats, { timeout: 10_000 }).toContain('two records')
  goOn()
  expect(await first).toBe(3)
})
