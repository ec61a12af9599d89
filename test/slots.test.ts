import { describe, expect, test } from 'vitest'
import { openSlots } from '../activities/upsert/slots.ts'

describe('E8: the writes of all chunks of a first load', () => {
  test('never more run than there are slots, and who waits is next in the order of asking', async () => {
    const slots = openSlots(2)
    const begun: string[] = []
    const ends = new Map<string, () => void>()
    const give = (name: string): Promise<string> =>
      slots.run(() => {
        begun.push(name)
        return new Promise((resolve) => {
          ends.set(name, () => resolve(name))
        })
      })
    const all = ['a', 'b', 'c', 'd'].map(give)
    expect(begun).toEqual(['a', 'b'])
    ends.get('b')?.()
    await all[1]
    await Promise.resolve()
    expect(begun).toEqual(['a', 'b', 'c'])
    ends.get('a')?.()
    await all[0]
    await Promise.resolve()
    expect(begun).toEqual(['a', 'b', 'c', 'd'])
    for (const end of ends.values()) end()
    expect(await Promise.all(all)).toEqual(['a', 'b', 'c', 'd'])
  })

  test('a write that fails makes room like any other', async () => {
    const slots = openSlots(1)
    const failing = slots.run(() => Promise.reject(new Error('down')))
    const next = slots.run(async () => 'went on')
    await expect(failing).rejects.toThrow('down')
    expect(await next).toBe('went on')
  })
})
