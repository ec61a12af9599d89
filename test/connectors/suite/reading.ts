import { describe, expect, test } from 'vitest'
import { admin, context, present, written } from '../system-under-test.ts'
import type { Opened } from './opened-system.ts'

export function describeReading(opened: Opened): void {
  describe('reading', () => {
    test('lists everything, each record once, in the vendor’s documented spelling', async () => {
      const records = await opened.collection.listAll(context)
      expect(records.map((record) => record.id).toSorted()).toEqual(expect.arrayContaining([...opened.ids].toSorted()))
      expect(new Set(records.map((record) => record.id)).size).toBe(records.length)
      const first = present(records.find((record) => record.id === opened.ids[0]))
      expect(opened.running.nameIn(first)).toBe('Fjordfisk 0 AS')
      expect(first).toMatchObject({ reference: null, outOfScope: null })
      expect(first.changedAt).toMatch(/^20\d\d-/)
    })

    test.each([
      [2, 'few'],
      [12, 'many'],
    ])('reads %i ids (%s) and answers every one that was asked for', async (count) => {
      const unknown = opened.running.unknownId ?? '999999999'
      const asked = [...opened.ids.slice(0, count), unknown]
      const found = await opened.collection.readMany(asked, context)
      expect([...found.keys()].toSorted()).toEqual([...asked].toSorted())
      expect(opened.running.nameIn(present(found.get(opened.ids[1] ?? '')))).toBe('Fjordfisk 1 AS')
      expect(found.get(unknown)).toEqual({ kind: 'missing', id: unknown, tombstone: false })
    })

    test('no ids are no request', async () => {
      expect(await opened.collection.readMany([], context)).toEqual(new Map())
      expect(await opened.requestsTo(opened.anyRoute)).toBe(0)
    })

    test('a change made by others comes with the changes since the cursor, and the cursor goes on from there', async () => {
      const cursor = await opened.collection.startCursor(context)
      const id = opened.ids[3] ?? ''
      await opened.running.rename(id, 'Fjordfisk tre AS')
      const changes = await opened.collection.listChanges(cursor, context)
      expect(changes.restarted).toBe(false)
      const seen = present(changes.records.find((record) => record.id === id))
      expect(opened.running.nameIn(seen)).toBe('Fjordfisk tre AS')
      await opened.running.rename(id, 'Fjordfisk 3 AS')
      const later = await opened.collection.listChanges(changes.next, context)
      expect(opened.running.nameIn(present(later.records.find((record) => record.id === id)))).toBe('Fjordfisk 3 AS')
    })

    test('identical readings in flight cost what one costs', async () => {
      const readOne = () => opened.collection.readMany([opened.ids[0] ?? ''], context)
      await readOne() // what is read once and kept (a token, a list of groups) is read by now
      await admin(opened.running.origin, 'DELETE', '/counts')
      await readOne()
      const alone = await opened.requestsTo(opened.anyRoute)
      await admin(opened.running.origin, 'DELETE', '/counts')
      expect(await Promise.all(Array.from({ length: 6 }, readOne))).toHaveLength(6)
      expect(alone).toBeGreaterThan(0)
      expect(await opened.requestsTo(opened.anyRoute)).toBe(alone)
    })

    if (opened.offers.removal)
      test('a record that was removed is missing when it is asked for by its id', async () => {
        const [id = ''] = opened.running.insert(['Slettet AS'])
        await opened.running.remove(id)
        expect((await opened.collection.readMany([id], context)).get(id)).toMatchObject({ kind: 'missing', id })
      })

    if (opened.offers.tombstones)
      test('a record that was removed comes as missing with the changes', async () => {
        const [id = ''] = opened.running.insert(['Fjernet AS'])
        const cursor = await opened.collection.startCursor(context)
        await opened.running.remove(id)
        const { records } = await opened.collection.listChanges(cursor, context)
        expect(records.find((record) => record.id === id)).toEqual({ kind: 'missing', id, tombstone: true })
      })

    test('a cursor that was stored is good for another connector, after a restart', async () => {
      const cursor = await opened.collection.startCursor(context)
      const [id = ''] = opened.running.insert(['Etter omstart AS'])
      const restarted = opened.running.connect({}, opened.logger).collection(opened.flow)
      const changes = await restarted.listChanges(cursor, context)
      expect(changes.restarted).toBe(false)
      expect(changes.records.filter((record) => record.id === id)).toHaveLength(1)
      expect(opened.running.nameIn(present(changes.records.find((record) => record.id === id)))).toBe(
        'Etter omstart AS',
      )
    })

    test('what the connector itself wrote comes with the changes too', async () => {
      const cursor = await opened.collection.startCursor(context)
      const [id = ''] = opened.running.insert(['Egen AS'])
      const before = present((await opened.collection.readMany([id], context)).get(id))
      const { body } = opened.collection.prepareUpdate(before.raw, opened.running.namePatch('Egen endret AS'), '')
      if (opened.offers.update) written(await opened.collection.update(before, body, null, context))
      else await opened.running.rename(id, 'Egen endret AS')
      const { records } = await opened.collection.listChanges(cursor, context)
      const seen = records.filter((record) => record.id === id)
      expect(opened.running.nameIn(present(seen.at(-1)))).toBe('Egen endret AS')
    })

    test('says whom it speaks to', async () => {
      await expect(opened.connector.checkHealth(context)).resolves.toBeUndefined()
      expect((await opened.collection.notOffered?.(context)) ?? null).toBeNull()
      const { name: company, production } = await opened.connector.identify(context)
      expect(company).not.toBe('')
      expect(production).toBe(false)
      expect(Math.abs(opened.connector.clockOffsetMs())).toBeLessThan(2_000)
    })
  })
}
