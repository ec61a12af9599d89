import { expect, test } from 'vitest'
import { endsInTime } from '../worker/link-client.ts'

const deadlineOf = (deadline?: number): number => {
  let given: unknown
  const options = deadline === undefined ? {} : { deadline }
  endsInTime(
    options as never,
    ((passedOn: { deadline?: unknown }) => {
      given = passedOn.deadline
    }) as never,
  )
  return Number(given)
}

test('a request to the memory that says no deadline has one all the same, and one that says its own keeps it', () => {
  const now = Date.now()
  expect(deadlineOf()).toBeGreaterThan(now)
  expect(deadlineOf()).toBeLessThan(now + 60_000)
  expect(deadlineOf(now + 5)).toBe(now + 5)
})
