import { expect, test } from 'vitest'
import { keep } from '../client/console/kept.ts'

function counter() {
  let now = 0
  let readings = 0
  let finish: (() => void)[] = []
  const kept = keep(
    () => {
      readings += 1
      const value = readings
      return new Promise<number>((resolve) => finish.push(() => resolve(value)))
    },
    { freshMs: 1000, busyShare: 0.5, now: () => now },
  )
  return {
    kept,
    readings: () => readings,
    pass: (ms: number) => {
      now += ms
    },
    answer: async () => {
      for (const one of finish) one()
      finish = []
      await Promise.resolve()
      await Promise.resolve()
      await Promise.resolve()
    },
  }
}

test('a fresh value is given out without reading, and many who ask at once read once', async () => {
  const { kept, readings, answer } = counter()
  const both = Promise.all([kept.get(), kept.get()])
  await answer()
  expect(await both).toEqual([1, 1])
  expect(await kept.get()).toBe(1)
  expect(readings()).toBe(1)
})

test('an aged value is given out while the next is read; one that nobody asked for in a while is waited for', async () => {
  const { kept, readings, answer, pass } = counter()
  const first = kept.get()
  await answer()
  await first
  pass(1500)
  expect(await kept.get()).toBe(1)
  expect(readings()).toBe(2)
  await answer()
  expect(await kept.get()).toBe(2)
  pass(60_000)
  const late = kept.get()
  await answer()
  expect(await late).toBe(3)
})

test('a reading that took long is not repeated before it has rested as long', async () => {
  const { kept, readings, answer, pass } = counter()
  const first = kept.get()
  pass(4000)
  await answer()
  await first
  pass(3000)
  await kept.get()
  expect(readings()).toBe(1)
})

test('what was read before an expiry is not kept', async () => {
  const { kept, readings, answer } = counter()
  const before = kept.get()
  kept.expire()
  const after = kept.get()
  await answer()
  expect([await before, await after]).toEqual([1, 2])
  expect(await kept.get()).toBe(2)
  expect(readings()).toBe(2)
})

test('a failed reading is told to whoever asks, and tried again', async () => {
  let works = false
  const kept = keep(() => (works ? Promise.resolve('value') : Promise.reject(new Error('down'))), {
    freshMs: 1,
    busyShare: 1,
  })
  await expect(kept.get()).rejects.toThrow('down')
  works = true
  await expect(kept.get()).resolves.toBe('value')
})
