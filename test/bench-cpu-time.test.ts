import { expect, test } from 'vitest'
import { cpuFigure, cpuSecondsIn, cpuSecondsOf, cpuUsedBetween } from '../bench/cpu-time.ts'

/** The first 17 fields of proc(5): pid, name, state, eleven others, utime, stime, cutime. */
const statOf = (name: string): string => `17 (${name}) S 1 17 17 0 -1 4194560 2 3 0 0 1250 50 7 8 20 0`

test('processor seconds are own and kernel time in hundredths, whatever the process calls itself', () => {
  expect([cpuSecondsIn(statOf('node')), cpuSecondsIn(statOf('a b) S 1 (c'))]).toEqual([13, 13])
})

test('what was used is the difference by process; without readings nothing is told', () => {
  expect(cpuUsedBetween({ worker: 1, webshop: 2 }, { worker: 3.5, webshop: 2 })).toEqual({ worker: 2.5, webshop: 0 })
  expect(cpuUsedBetween(null, { worker: 1 })).toBeNull()
  // No process has this id: Linux hands out at most 2^22.
  expect(cpuSecondsOf({ nobody: 2 ** 30 })).toBeNull()
})

test('a line of the table is the middle of all runs, with the share of each process', () => {
  const runs = [{ cpu: { worker: 3, webshop: 1 } }, { cpu: null }, { cpu: { worker: 5, webshop: 1 } }]
  expect(cpuFigure('of the engine', runs)).toMatchObject([{ value: 5, note: 'worker 4.0, webshop 1.0' }])
  expect(cpuFigure('of the engine', [{ cpu: null }])).toEqual([])
})
