import { describe, expect, test } from 'vitest'
import { openSlots, type SlotShare } from '../activities/upsert/slots.ts'

/** Writes that go on until they are told to end. */
function openWrites() {
  const begun: string[] = []
  const ends = new Map<string, () => void>()
  return {
    begun,
    begin: (share: SlotShare, name: string): Promise<string> =>
      share.run(() => {
        begun.push(name)
        return new Promise((resolve) => {
          ends.set(name, () => resolve(name))
        })
      }),
    end: async (name: string): Promise<void> => {
      ends.get(name)?.()
      ends.delete(name)
      // Whoever is handed the slot begins in the next microtasks.
      await new Promise((resolve) => setImmediate(resolve))
    },
  }
}

describe('E8: the writes of all chunks of a first load', () => {
  test('never more run than there are slots, and who waits in one chunk is next in the order of asking', async () => {
    const { begun, begin, end } = openWrites()
    const share = openSlots({ count: 2, guaranteed: 1 }).openShare()
    const all = ['a', 'b', 'c', 'd'].map((name) => begin(share, name))
    expect(begun).toEqual(['a', 'b'])
    await end('b')
    expect(begun).toEqual(['a', 'b', 'c'])
    await end('a')
    expect(begun).toEqual(['a', 'b', 'c', 'd'])
    await end('c')
    await end('d')
    expect(await Promise.all(all)).toEqual(['a', 'b', 'c', 'd'])
  })

  test('the chunk that began first goes first, and the others keep what they are guaranteed', async () => {
    const { begun, begin, end } = openWrites()
    const slots = openSlots({ count: 3, guaranteed: 1 })
    const [old, young] = [slots.openShare(), slots.openShare()]
    for (const name of ['y1', 'y2', 'y3', 'y4', 'y5']) void begin(young, name)
    for (const name of ['o1', 'o2', 'o3', 'o4']) void begin(old, name)
    expect(begun).toEqual(['y1', 'y2', 'y3'])
    await end('y1')
    await end('y2')
    expect(begun.slice(3)).toEqual(['o1', 'o2'])
    await end('o1')
    expect(begun.slice(5)).toEqual(['o3'])
    await end('y3')
    expect(begun.slice(6)).toEqual(['y4'])
    await end('o2')
    await end('o3')
    expect(begun.slice(7)).toEqual(['o4', 'y5'])
  })

  test('chunks that begin together do not end together', async () => {
    const slots = openSlots({ count: 8, guaranteed: 1 })
    const done = [0, 0]
    let othersWhenFirstEnded = -1
    const chunk = async (index: 0 | 1): Promise<void> => {
      const share = slots.openShare()
      const write = async (): Promise<void> => {
        await share.run(() => new Promise<void>((resolve) => setImmediate(resolve)))
        done[index] = (done[index] ?? 0) + 1
      }
      await Promise.all(Array.from({ length: 64 }, write))
      if (index === 0) othersWhenFirstEnded = done[1] ?? -1
    }
    await Promise.all([chunk(0), chunk(1)])
    expect(done).toEqual([64, 64])
    expect(othersWhenFirstEnded).toBeLessThan(32)
  })

  test('a write that fails makes room like any other', async () => {
    const share = openSlots({ count: 1, guaranteed: 1 }).openShare()
    const failing = share.run(() => Promise.reject(new Error('down')))
    const next = share.run(async () => 'went on')
    await expect(failing).rejects.toThrow('down')
    expect(await next).toBe('went on')
  })
})
