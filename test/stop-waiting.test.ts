import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { NoAnswerInTime, until, untilAborted } from '../worker/stop-waiting.ts'

const never = (): Promise<never> => new Promise(() => undefined)
const fails = async (): Promise<never> => {
  throw new Error('refused')
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('whoever waits until a time gets the answer that comes before it, and no timer is left', async () => {
  expect(await until(Date.now() + 1_000, async () => 'answer')).toBe('answer')
  await expect(until(Date.now() + 1_000, fails)).rejects.toThrow('refused')
  expect(vi.getTimerCount()).toBe(0)
})

test('whoever waits until a time waits no longer, and is told in the words of a gRPC deadline', async () => {
  const waiting = until(new Date(Date.now() + 1_000), never)
  const told = expect(waiting).rejects.toThrow('DEADLINE_EXCEEDED')
  await vi.advanceTimersByTimeAsync(1_000)
  await told
  await expect(waiting).rejects.toBeInstanceOf(NoAnswerInTime)
})

test('whoever waits until a signal is aborted gets the answer that comes before it, and nothing listens any more', async () => {
  const leaving = new AbortController()
  const removed = vi.spyOn(leaving.signal, 'removeEventListener')
  expect(await untilAborted(leaving.signal, async () => 'answer')).toBe('answer')
  await expect(untilAborted(leaving.signal, fails)).rejects.toThrow('refused')
  expect(removed).toHaveBeenCalledTimes(2)
})

test('whoever waits until a signal is aborted waits no longer, and asks nothing after it', async () => {
  const leaving = new AbortController()
  const waiting = expect(untilAborted(leaving.signal, never)).rejects.toThrow('the worker leaves')
  leaving.abort(new Error('the worker leaves'))
  await waiting
  const question = vi.fn(never)
  await expect(untilAborted(leaving.signal, question)).rejects.toThrow('the worker leaves')
  expect(question).not.toHaveBeenCalled()
})
