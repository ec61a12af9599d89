import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mergePatch, tidy } from '../sandbox/webshop/json.ts'

describe('JSON Merge Patch', () => {
  // Appendix A of RFC 7396, whole: original, patch, result.
  const cases: readonly (readonly [unknown, unknown, unknown])[] = [
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [
      ['a', 'b'],
      ['c', 'd'],
      ['c', 'd'],
    ],
    [{ a: 'b' }, ['c'], ['c']],
    [{ a: 'foo' }, null, null],
    [{ a: 'foo' }, 'bar', 'bar'],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: 'b', c: null }, { a: 'b' }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ]
  test.each(cases)('%j patched with %j is %j', (original, patch, result) => {
    expect(mergePatch(original, patch)).toEqual(result)
  })

  test('law: patching twice is patching once, and neither argument changes', () => {
    const json = fc.jsonValue({ maxDepth: 3 })
    fc.assert(
      fc.property(json, json, (original, patch) => {
        const before = JSON.stringify([original, patch])
        const once = mergePatch(original, patch)
        expect(mergePatch(once, patch)).toEqual(once)
        expect(JSON.stringify([original, patch])).toBe(before)
      }),
      { seed: 7396 },
    )
  })

  test('a member called __proto__ is a member like any other', () => {
    const patched = mergePatch({}, JSON.parse('{"__proto__": {"admin": true}}'))
    expect([({} as { admin?: boolean }).admin, JSON.stringify(patched)]).toEqual([
      undefined,
      '{"__proto__":{"admin":true}}',
    ])
  })
})

test('law: tidying twice is tidying once', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(tidy(tidy(value))).toEqual(tidy(value))
    }),
    { seed: 1 },
  )
})
