import { describe, expect, test } from 'vitest'
import { drawDelayMs } from '../sandbox/faults/delay.ts'
import { createFaultPlan, type FaultPlan } from '../sandbox/faults/fault-plan.ts'
import { FaultRefused, faultKinds, parseFault } from '../sandbox/faults/fault-schema.ts'
import { seededFractions } from '../sandbox/faults/seeded-fractions.ts'
import type { FaultTarget } from '../sandbox/faults/selection.ts'

// What both sandboxes share: which faults fire, how often, and how that is counted.

const request = (more: Partial<FaultTarget> = {}): FaultTarget => ({
  method: 'GET',
  pathAndQuery: '/v2/Customers?PageSize=5',
  body: '',
  fromShopkeeper: false,
  isList: false,
  record: () => null,
  ...more,
})
const write = (more: Partial<FaultTarget> = {}) => request({ method: 'POST', pathAndQuery: '/v2/Customers', ...more })
const planOf = (...faults: object[]): FaultPlan => {
  const plan = createFaultPlan(faultKinds)
  for (const fault of faults) plan.plan(fault)
  return plan
}
const firings = (plan: FaultPlan, times: number, target = request()) =>
  Array.from({ length: times }, () => plan.take(target)?.id ?? 0)

describe('whom a fault hits', () => {
  const hits = (fault: object, target: FaultTarget) => planOf({ kind: 'status', ...fault }).take(target) !== null

  test.each([
    ['a method, whatever its casing', { method: 'post' }, write(), request()],
    ['part of path and query, whatever its casing', { path: 'customers?page' }, request(), write()],
    ['part of the body', { match: 'Fjord' }, write({ body: '{"Name":"Fjord AS"}' }), write({ body: '{}' })],
    [
      'a record by its id, and not another whose id begins like it',
      { recordId: 17 },
      request({ pathAndQuery: '/v2/Customers/17?x=1' }),
      request({ pathAndQuery: '/v2/Customers/170' }),
    ],
    [
      'a record by a property of the body, at any depth',
      { field: 'City', value: 'Moss' },
      write({ body: '{"MailAddress":{"City":"Moss"}}' }),
      write({ body: '{"MailAddress":{"City":"Mosstveit"}}' }),
    ],
    [
      'a record by a property that a JSON Patch writes',
      { field: 'Name', value: 'A' },
      write({ body: '[{"op":"replace","path":"/Name","value":"A"}]' }),
      write({ body: '[{"op":"replace","path":"/LegalName","value":"A"}]' }),
    ],
    [
      'a record by a property that is stored',
      { field: 'Number', value: 10_001 },
      write({ body: 'not JSON', record: () => ({ Number: 10_001 }) }),
      write({ record: () => ({ Number: 10_002 }) }),
    ],
    ['the sync unless asked otherwise', {}, request(), request({ fromShopkeeper: true })],
    ['the shopkeeper when asked', { from: 'shopkeeper' }, request({ fromShopkeeper: true }), request()],
  ])('%s', (_what, fault, meant, spared) => {
    expect([hits(fault, meant), hits(fault, spared)]).toEqual([true, false])
  })

  test('an empty list needs a list, a refusal a write, an out-of-band edit a PATCH of a record with these properties', () => {
    const patched = (properties: object) => write({ method: 'PATCH', record: () => ({ ...properties }) })
    const outOfBand = { kind: 'outOfBandEdit', edit: { Phone: '1' } }
    expect([
      hits({ kind: 'emptyList' }, request({ isList: true })),
      hits({ kind: 'emptyList' }, request()),
      hits({ kind: 'refusal', match: '' }, write()),
      hits({ kind: 'refusal', match: '' }, request()),
      hits(outOfBand, patched({ Phone: null })),
      hits(outOfBand, patched({ Name: 'A' })),
      hits(outOfBand, request({ record: () => ({ Phone: null }) })),
    ]).toEqual([true, false, true, false, true, false, false])
  })

  test('of two that mean the same request the one planned first fires, as often as it may', () => {
    expect(firings(planOf({ kind: 'status', count: 2 }, { kind: 'reset' }), 4)).toEqual([1, 1, 2, 0])
  })

  test('webhooks and the clock are not touched by faults about requests, nor the other way round', () => {
    const plan = planOf({ kind: 'webhookLost' }, { kind: 'clockSkew', skewMs: 5 }, { kind: 'status', match: 'c-1' })
    expect(plan.take(request())).toBeNull()
    expect(plan.takeWebhook('{"id":"c-1"}')).toMatchObject({ kind: 'webhookLost', id: 1 })
    expect(plan.takeWebhook('{"id":"c-1"}')).toBeNull()
    expect(plan.clockSkewMs({ isStamp: false })).toBe(5)
  })
})

describe('how often a fault fires', () => {
  test('with a probability: about that often, and with the same seed at the very same requests', () => {
    const fired = (seed: number) => firings(planOf({ kind: 'reset', probability: 0.1, seed }), 2_000)
    const [first, again, other] = [fired(7), fired(7), fired(8)]
    expect(again).toEqual(first)
    expect(other).not.toEqual(first)
    const count = first.filter((id) => id > 0).length
    expect(count).toBeGreaterThan(150)
    expect(count).toBeLessThan(250)
  })

  test('faults with one seed draw apart, and what one does not do to a request leaves the next one its chance', () => {
    const both = { probability: 0.5, seed: 3 }
    const ids = firings(planOf({ kind: 'reset', ...both }, { kind: 'hang', ...both }), 400)
    const shares = [0, 1, 2].map((id) => ids.filter((each) => each === id).length)
    for (const [share, expected] of [
      [shares[0], 100],
      [shares[1], 200],
      [shares[2], 100],
    ] as const)
      expect(Math.abs((share ?? 0) - expected)).toBeLessThan(50)
  })

  test('what a fault decides depends on its own requests, not on another fault that comes before it', () => {
    const second = { kind: 'reset', probability: 0.3, seed: 5 }
    const alone = createFaultPlan(faultKinds)
    alone.plan({ kind: 'status', path: 'nowhere' })
    alone.plan(second)
    const shadowed = planOf({ kind: 'status', count: 50 }, second)
    const [free, taken] = [firings(alone, 100), firings(shadowed, 100)]
    expect(taken.slice(50)).toEqual(free.slice(50))
    expect(free.slice(50)).toContain(2)
  })

  test('the same plan after a clear decides the same again', () => {
    const plan = createFaultPlan(faultKinds)
    const run = () => {
      plan.clear()
      plan.plan({ kind: 'reset', probability: 0.5 })
      return firings(plan, 100).map((id) => id > 0)
    }
    expect(run()).toEqual(run())
  })

  test('in a window of time: until it is over, without end in number', () => {
    let now = 1_000
    const plan = createFaultPlan(faultKinds, () => now)
    plan.plan({ kind: 'throttle', forMs: 500 })
    const during = firings(plan, 5)
    now = 1_499
    const last = firings(plan, 1)
    now = 1_500
    expect([during, last, firings(plan, 1)]).toEqual([[1, 1, 1, 1, 1], [1], [0]])
  })

  test('once, unless a probability or a window is given; a refusal stays until it is cleared', () => {
    const refusal = planOf({ kind: 'refusal', recordId: 1 })
    const refused = firings(refusal, 30, write({ pathAndQuery: '/v2/Customers/1' }))
    expect([firings(planOf({ kind: 'reset' }), 2), refused]).toEqual([[1, 0], Array(30).fill(1)])
  })

  test('one planned fault can be removed by its id', () => {
    const plan = planOf({ kind: 'reset', forMs: 60_000 }, { kind: 'hang', forMs: 60_000 })
    expect([plan.remove(1), plan.remove(1), firings(plan, 2)]).toEqual([true, false, [2, 2]])
  })
})

describe('counts', () => {
  test('tell kinds apart and those after the commit of a write, outlive the plan, and begin anew when asked', () => {
    const plan = planOf({ kind: 'reset', count: 2 }, { kind: 'reset', when: 'after', count: 2 }, { kind: 'garbage' })
    plan.take(write())
    plan.take(write())
    plan.take(write())
    plan.take(request())
    plan.take(request())
    plan.clear()
    expect(plan.counts()).toEqual({ total: 5, byKind: { reset: 4, garbage: 1 }, afterCommit: { reset: 1 } })
    plan.resetCounts()
    expect(plan.counts()).toEqual({ total: 0, byKind: {}, afterCommit: {} })
  })

  test('a fault that could not be carried out is taken back', () => {
    const plan = planOf({ kind: 'outOfBandEdit', edit: { Phone: '{n}' } })
    const fault = plan.take(write({ method: 'PATCH', record: () => ({ Phone: null }) }))
    if (fault) plan.withdraw(fault)
    expect([plan.counts().total, plan.list()[0]?.hits, fault?.edited]).toEqual([0, 0, { Phone: '1' }])
  })

  test('a clock is counted where it gives a change time, not where it is only looked at', () => {
    const plan = planOf({ kind: 'clockSkew', skewMs: -60_000 }, { kind: 'clockSkew', skewMs: 1_000, count: 1 })
    const seen = [false, true, true, false].map((isStamp) => plan.clockSkewMs({ isStamp }))
    expect([seen, plan.counts().byKind]).toEqual([[-59_000, -59_000, -60_000, -60_000], { clockSkew: 3 }])
  })
})

describe('delays', () => {
  const sample = (fault: object) => {
    const fraction = seededFractions(11)
    const parsed = parseFault({ kind: 'latency', latencyMs: 100, ...fault }, faultKinds)
    return Array.from({ length: 4_000 }, () => drawDelayMs(parsed, fraction)).sort((one, other) => one - other)
  }
  const at = (sorted: readonly number[], share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? 0

  test('fixed is fixed, and 1,000 ms when nobody says', () => {
    expect(new Set(sample({ distribution: 'fixed', jitterMs: 50 }))).toEqual(new Set([100]))
    expect(drawDelayMs(parseFault({ kind: 'latency' }, faultKinds), seededFractions(1))).toBe(1_000)
  })

  test('uniform spreads evenly over the jitter', () => {
    const delays = sample({ jitterMs: 200 })
    expect([at(delays, 0) >= 100, at(delays, 1) <= 300]).toEqual([true, true])
    expect(Math.abs(at(delays, 0.5) - 200)).toBeLessThan(10)
    expect(Math.abs(at(delays, 0.9) - 280)).toBeLessThan(10)
  })

  test('lognormal has its median and a tail that sigma sets: e^1.645 times the median at 95 in 100', () => {
    const delays = sample({ distribution: 'lognormal', sigma: 1 })
    expect(Math.abs(at(delays, 0.5) - 100)).toBeLessThan(8)
    expect(Math.abs(at(delays, 0.95) - 518)).toBeLessThan(60)
  })

  test('pareto has its least and a longer tail: 20^(1/alpha) times the least at 95 in 100', () => {
    const delays = sample({ distribution: 'pareto', alpha: 1.5 })
    expect(at(delays, 0)).toBeGreaterThanOrEqual(100)
    expect(Math.abs(at(delays, 0.95) - 737)).toBeLessThan(90)
  })

  test('a tail is cut at the longest', () => {
    expect(at(sample({ distribution: 'pareto', alpha: 0.5, maxLatencyMs: 900 }), 1)).toBe(900)
  })
})

describe('what is refused', () => {
  test.each([
    [{ kind: 'explode' }, 'kind'],
    [{ kind: 'reset', propability: 0.5 }, 'propability'],
    [{ kind: 'reset', probability: 1.5 }, 'probability'],
    [{ kind: 'refusal' }, 'recordId'],
    [{ kind: 'outOfBandEdit' }, 'edit'],
    [{ kind: 'drip', when: 'after' }, 'when'],
    [{ kind: 'status', when: 'late' }, 'when'],
    [{ kind: 'clockSkew' }, 'skewMs'],
    [{ kind: 'clockSkew', skewMs: 1, probability: 0.5 }, 'probability'],
    [{ kind: 'reset', field: 'Name' }, 'value'],
    [{ kind: 'reset', value: 'A' }, 'field'],
  ])('%j names %s', (fault, key) => {
    expect(() => planOf(fault)).toThrow(FaultRefused)
    expect(() => planOf(fault)).toThrow(key)
  })

  test('a kind that the sandbox does not have, and more faults than anybody means', () => {
    const plan = createFaultPlan(['reset'])
    expect(() => plan.plan({ kind: 'hang' })).toThrow('this sandbox has no hang; it has reset')
    for (let planned = 0; planned < 1_000; planned += 1) plan.plan({ kind: 'reset' })
    expect(() => plan.plan({ kind: 'reset' })).toThrow('clear them first')
    // One that is over makes room.
    plan.take(request())
    expect(plan.plan({ kind: 'reset' })).toBe(1_001)
    expect(plan.list()).toHaveLength(1_000)
  })
})
