import { expect, test } from 'vitest'
import { openHand } from '../workflows/engine/hand.ts'

test('E9: what is taken is not free until it is let go', () => {
  const hand = openHand()
  hand.take(['erp:1', 'shop:a'])
  expect([hand.isFree('erp:1'), hand.isFree('erp:2'), hand.keys()]).toEqual([false, true, ['erp:1', 'shop:a']])
  hand.letGo(['erp:1'])
  expect([hand.isFree('erp:1'), hand.isFree('shop:a'), hand.keys()]).toEqual([true, false, ['shop:a']])
})

test('E10: a record that is in a hand now was touched since any read began', () => {
  const hand = openHand()
  hand.take(['erp:1'])
  const mark = hand.beginRead()
  expect([hand.wasTouchedSince('erp:1', mark), hand.wasTouchedSince('erp:2', mark)]).toEqual([true, false])
})

test('E10: a record that was let go after a read began was touched: what was read may be older than what was done', () => {
  const hand = openHand()
  hand.take(['erp:1'])
  const mark = hand.beginRead()
  hand.letGo(['erp:1'])
  expect(hand.wasTouchedSince('erp:1', mark)).toBe(true)
})

test('E10: a record that was taken and let go while a read was under way was touched', () => {
  const hand = openHand()
  const mark = hand.beginRead()
  hand.take(['erp:1'])
  hand.letGo(['erp:1'])
  expect(hand.wasTouchedSince('erp:1', mark)).toBe(true)
})

test('a record that was let go before a read began was not touched, also while an earlier read is still under way', () => {
  const hand = openHand()
  const early = hand.beginRead()
  hand.take(['erp:1'])
  hand.letGo(['erp:1'])
  const late = hand.beginRead()
  expect([hand.wasTouchedSince('erp:1', early), hand.wasTouchedSince('erp:1', late)]).toEqual([true, false])
})

test('touches are remembered until the last read ends, whichever began first', () => {
  const hand = openHand()
  const early = hand.beginRead()
  const late = hand.beginRead()
  hand.take(['erp:1'])
  hand.letGo(['erp:1'])
  hand.endRead(early)
  expect(hand.wasTouchedSince('erp:1', late)).toBe(true)
  hand.endRead(late)
  expect(hand.wasTouchedSince('erp:1', hand.beginRead())).toBe(false)
})

test('ending a read twice, or letting go what was not held, harms nobody', () => {
  const hand = openHand()
  const mark = hand.beginRead()
  const other = hand.beginRead()
  hand.endRead(mark)
  hand.endRead(mark)
  hand.letGo(['erp:1'])
  hand.take(['erp:2'])
  hand.letGo(['erp:2'])
  expect([hand.wasTouchedSince('erp:2', other), hand.keys()]).toEqual([true, []])
})
