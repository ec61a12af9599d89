import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createWakeCalls } from '../activities/watch/wake-calls.ts'

// Sleeps end by these timers alone, so that no test waits for a clock.
beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const never = new AbortController().signal

function setUp() {
  const calls = createWakeCalls()
  const { sleep, leave } = calls.attend('demo', 'customers', 'erp')
  return {
    calls,
    leave,
    sleep: (ms: number, signal = never): Promise<boolean> => sleep(ms, signal),
    wake: () => calls.wake('demo', 'customers', 'erp'),
  }
}

test('E24: a webhook wakes a sleeping watch at once', async () => {
  const { sleep, wake } = setUp()
  const asleep = sleep(60_000)
  expect(wake()).toBe(true)
  expect(await asleep).toBe(true)
})

test('a watch that nobody wakes sleeps its time, and says so', async () => {
  const { sleep } = setUp()
  const asleep = sleep(60_000)
  await vi.advanceTimersByTimeAsync(59_999)
  expect(vi.getTimerCount()).toBe(1)
  await vi.advanceTimersByTimeAsync(1)
  expect(await asleep).toBe(false)
})

test('a call that comes while the watch is at work is heard at its next sleep, once', async () => {
  const { sleep, wake } = setUp()
  wake()
  wake()
  expect(await sleep(60_000)).toBe(true)
  const next = sleep(5)
  await vi.advanceTimersByTimeAsync(5)
  expect(await next).toBe(false)
})

test('a call for a watch that does not run in this process is refused, so that the flow is told instead', async () => {
  const { calls, leave, wake } = setUp()
  expect([calls.wake('demo', 'customers', 'shop'), calls.wake('other', 'customers', 'erp')]).toEqual([false, false])
  leave()
  expect(wake()).toBe(false)
})

test('an old watch that does not know yet that it was replaced takes no call away from the new one', async () => {
  const { calls, leave, sleep, wake } = setUp()
  const second = calls.attend('demo', 'customers', 'erp')
  const both = [sleep(60_000), second.sleep(60_000, never)]
  expect(wake()).toBe(true)
  expect(await Promise.all(both)).toEqual([true, true])
  leave()
  leave()
  expect(wake()).toBe(true)
  expect(await second.sleep(60_000, never)).toBe(true)
  second.leave()
  expect(wake()).toBe(false)
})

test('a call for a watch that left is not heard by the one that comes after it', async () => {
  const { calls, leave, wake } = setUp()
  wake()
  leave()
  const next = calls.attend('demo', 'customers', 'erp').sleep(5, never)
  await vi.advanceTimersByTimeAsync(5)
  expect(await next).toBe(false)
})

test('one side’s call does not wake the other', async () => {
  const { calls, sleep } = setUp()
  calls.attend('demo', 'customers', 'shop')
  const asleep = sleep(10)
  calls.wake('demo', 'customers', 'shop')
  await vi.advanceTimersByTimeAsync(10)
  expect(await asleep).toBe(false)
})

test('a cancelled watch stops sleeping at once, and leaves neither timer nor listener behind', async () => {
  const { sleep } = setUp()
  const cancel = new AbortController()
  const asleep = sleep(60_000, cancel.signal)
  cancel.abort()
  expect(await asleep).toBe(false)
  expect(vi.getTimerCount()).toBe(0)
  expect(await sleep(60_000, cancel.signal)).toBe(false)
})

test('a woken watch leaves no timer behind', async () => {
  const { sleep, wake } = setUp()
  const asleep = sleep(60_000)
  wake()
  await asleep
  expect(vi.getTimerCount()).toBe(0)
})
