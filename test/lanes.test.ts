import { describe, expect, test } from 'vitest'
import { openLanes } from '../workflows/engine/lanes.ts'

/** Work that ends when the test says so, and who has begun so far. */
function startWork(counts: { erp: number; shop: number }) {
  const lanes = openLanes(counts)
  const begun: string[] = []
  const ends = new Map<string, (error?: Error) => void>()
  const give = (to: 'erp' | 'shop', name: string): Promise<string> =>
    lanes.run(to, () => {
      begun.push(name)
      return new Promise((resolve, reject) => {
        ends.set(name, (error) => (error ? reject(error) : resolve(name)))
      })
    })
  return { lanes, begun, give, end: (name: string, error?: Error) => ends.get(name)?.(error) }
}

describe('E8: lanes of a first load', () => {
  test('so many chunks a system run side by side, and who waits is next in the order of asking', async () => {
    const { lanes, begun, give, end } = startWork({ erp: 1, shop: 2 })
    const [a, b] = [give('shop', 'a'), give('shop', 'b')]
    const [c, d, e] = [give('shop', 'c'), give('erp', 'd'), give('shop', 'e')]
    expect([begun, lanes.isNobodyWaiting()]).toEqual([['a', 'b', 'd'], false])
    end('b')
    expect(await b).toBe('b')
    await Promise.resolve()
    expect(begun).toEqual(['a', 'b', 'd', 'c'])
    end('c')
    await c
    await Promise.resolve()
    expect([begun, lanes.isNobodyWaiting()]).toEqual([['a', 'b', 'd', 'c', 'e'], true])
    for (const name of ['a', 'd', 'e']) end(name)
    expect(await Promise.all([a, d, e])).toEqual(['a', 'd', 'e'])
  })

  test('a chunk that fails makes room like any other', async () => {
    const { lanes, begun, give, end } = startWork({ erp: 1, shop: 1 })
    const failing = give('erp', 'a')
    const next = give('erp', 'b')
    end('a', new Error('down'))
    await expect(failing).rejects.toThrow('down')
    await Promise.resolve()
    expect([begun, lanes.isNobodyWaiting()]).toEqual([['a', 'b'], true])
    end('b')
    expect(await next).toBe('b')
  })
})
