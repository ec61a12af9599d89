import { expect, test } from 'vitest'
import type { Pair } from '../flows/pair.ts'
import { decideInRun } from '../workflows/engine/decide-in-run.ts'
import { openFlowRun } from '../workflows/engine/flow-run.ts'
import type { LookAgain } from '../workflows/engine/flow-state.ts'
import { takeDue } from '../workflows/engine/look-again.ts'
import { withRoom } from '../workflows/engine/room.ts'
import { freshState } from './support/fresh-state.ts'
import { reading, sampleFlow, seenRow } from './support/pair-samples.ts'

const full = { level: 'full', message: 'PowerOffice has no free customer number left.' } as const
const refusedBefore: Pair = {
  erp: { kind: 'absent' },
  shop: { kind: 'present', reading: reading('shop', {}) },
  rows: [seenRow('shop')],
  match: { kind: 'none' },
  differs: '',
}
const askedByHand: LookAgain = {
  ...{ key: 'shop:c-7', why: 'asked by hand', seenAtMs: null, since: 1_000, notBefore: 0, attempts: 0 },
  wish: { kind: 'retry', by: 'Kari' },
}

test('a refused record that a person tries again while no number is free is created once there is one', () => {
  const run = openFlowRun(
    sampleFlow,
    withRoom(freshState, full, 1_000),
    () => undefined,
    () => false,
  )
  expect(decideInRun(run, refusedBefore, [askedByHand])).toBeNull()

  run.set(withRoom(run.state(), null, 2_000))
  const { taken } = takeDue(run.state(), 2_000, 10, () => true)
  expect(decideInRun(run, refusedBefore, taken)).toMatchObject({ kind: 'create', on: 'erp' })
})
