import { describe, expect, test } from 'vitest'
import { admin, context, present, troubleOf, written } from '../system-under-test.ts'
import type { Opened } from './opened-system.ts'

export function describeUpdating(opened: Opened): void {
  const { offers } = opened
  describe('updating', () => {
    const readOne = async (id: string) => present((await opened.collection.readMany([id], context)).get(id))
    const insertOne = (name: string) => readOne(opened.running.insert([name])[0] ?? '')

    test('an update writes the given property and leaves the others alone', async () => {
      const { running, collection } = opened
      const before = await insertOne('Før AS')
      const prepared = collection.prepareUpdate(before.raw, running.namePatch('Etter AS'), '')
      const after = written(await collection.update(before, prepared.body, null, context))
      expect(running.nameIn(after)).toBe('Etter AS')
      // What a system moves by itself with every write.
      const moving = { ...running.namePatch(''), version: '', LastChangedDateTimeOffset: '', changedAt: '' }
      expect({ ...after.raw, ...moving }).toEqual({ ...before.raw, ...moving })
    })

    test('an update over an edit that others made meanwhile is stale, and not written', async () => {
      const { running, collection } = opened
      const before = await insertOne('Først AS')
      await running.rename(before.id, 'Andres AS')
      const { body } = collection.prepareUpdate(before.raw, running.namePatch('Vår AS'), '')
      expect(await collection.update(before, body, null, context)).toEqual({ kind: 'stale' })
      expect(running.nameIn(await readOne(before.id))).toBe('Andres AS')
    })

    test('what the system refuses is an answer with its reason, and nothing is written', async () => {
      const { running, collection } = opened
      const before = await insertOne('Avvist AS')
      const answer = await collection.update(before, running.refusedPatch, null, context)
      expect(answer).toMatchObject({
        kind: 'refused',
        title: expect.stringMatching(/./),
        detail: expect.stringMatching(/./),
      })
      expect((await readOne(before.id)).raw).toEqual(before.raw)
    })

    test.each([
      ['the connection is reset', { kind: 'reset' }],
      ['the answer is a 500', { kind: 'status', status: 500 }],
      ['the answer is no JSON', { kind: 'garbage' }],
      ['half an answer comes', { kind: 'truncated' }],
    ])('an update that landed although %s is not repeated blindly, and reading shows it', async (_title, planned) => {
      const { running, collection } = opened
      const before = await insertOne('Usikker AS')
      const { body } = collection.prepareUpdate(before.raw, running.namePatch('Landet AS'), '')
      await opened.fault({ ...planned, method: 'PATCH', path: opened.recordPath, when: 'after' })
      const answer = await collection.update(before, body, null, context)
      expect(['done', 'uncertain']).toContain(answer.kind)
      expect(running.nameIn(await readOne(before.id))).toBe('Landet AS')
      expect(await opened.requestsTo(/PATCH/)).toBe(1)
    })

    test('an update that was throttled is sent again', async () => {
      const { running, collection } = opened
      const before = await insertOne('Strupt AS')
      const { body } = collection.prepareUpdate(before.raw, running.namePatch('Fri AS'), '')
      const throttle = { kind: 'status', status: 429, headers: { 'Retry-After': '0' } }
      await opened.fault({ ...throttle, method: 'PATCH', path: opened.recordPath })
      expect(running.nameIn(written(await collection.update(before, body, null, context)))).toBe('Fri AS')
      expect(await opened.requestsTo(/PATCH/)).toBe(2)
    })

    test('a key without the right to write is NotAuthorised', async () => {
      const powerless = (await opened.running.withoutRightToWrite()).collection(opened.flow)
      const before = await insertOne('Uten rett AS')
      const { body } = powerless.prepareUpdate(before.raw, opened.running.namePatch('Nei AS'), '')
      const trouble = await troubleOf(powerless.update(before, body, null, context))
      expect(trouble).toMatchObject({ type: 'NotAuthorised', where: opened.connector.side })
    })

    if (offers.archive)
      test('an archived record is listed and read as such, and comes back', async () => {
        const { running, collection } = opened
        const archive = running.archive
        if (!archive) throw new Error('offers.archive, but nothing about archiving')
        const before = await insertOne('Arkivert AS')
        const set = async (isArchived: boolean) => {
          const current = await readOne(before.id)
          const { body } = collection.prepareUpdate(current.raw, archive.patch(isArchived), '')
          return written(await collection.update(current, body, null, context))
        }
        expect(archive.isIn(await set(true))).toBe(true)
        const listed = (await collection.listAll(context)).find((record) => record.id === before.id)
        expect(archive.isIn(present(listed))).toBe(true)
        expect(archive.isIn(await set(false))).toBe(false)
        expect(running.nameIn(await readOne(before.id))).toBe('Arkivert AS')
      })

    test('an update with nothing to write is done without a request', async () => {
      const [id = ''] = opened.ids
      const record = present((await opened.collection.readMany([id], context)).get(id))
      await admin(opened.running.origin, 'DELETE', '/counts')
      expect(await opened.collection.update(record, {}, null, context)).toEqual({ kind: 'done', record })
      expect(await opened.requestsTo(/PATCH/)).toBe(0)
    })

    if (offers.removal)
      test('an update of a record that is gone says that it is missing', async () => {
        const record = await insertOne('Borte AS')
        await opened.running.remove(record.id)
        const answer = await opened.collection.update(record, opened.running.namePatch('Hvor?'), null, context)
        expect(answer).toEqual({ kind: 'missing' })
      })
  })
}
