import { describe, expect, test } from 'vitest'
import { admin, context, troubleOf, written } from '../system-under-test.ts'
import type { Opened } from './opened-system.ts'

export function describeCreating(opened: Opened): void {
  const { offers, createPath } = opened
  describe('creating', () => {
    test('a created record names its counterpart and is found by it', async () => {
      const record = written(await opened.create('4711', 'Nyopprettet AS'))
      expect(opened.running.nameIn(record)).toBe('Nyopprettet AS')
      expect(record.reference).toBe(offers.reference ? '4711' : null)
      expect((await opened.findBy('4711')).map((each) => each.id)).toEqual([record.id])
      expect(await opened.findBy('4712')).toEqual([])
    })

    test('what the system refuses is an answer with its reason, not an exception', async () => {
      const answer = await opened.collection.create(opened.running.refusedBody, { id: '4730', creation: 1 }, context)
      expect(answer).toMatchObject({ kind: 'refused' })
      expect(answer.kind === 'refused' && answer.title !== '' && answer.detail !== '').toBe(true)
    })

    test.each([
      ['the connection is reset', '4801', { kind: 'reset' }],
      ['the answer is a 500', '4802', { kind: 'status', status: 500 }],
      ['the answer is no JSON', '4803', { kind: 'garbage' }],
      ['half an answer comes', '4804', { kind: 'truncated' }],
    ])(
      'a creation that landed although %s is uncertain and found again, once',
      async (_title, counterpart, planned) => {
        await opened.fault({ ...planned, method: 'POST', path: createPath, when: 'after' })
        expect(await opened.create(counterpart, `Usikker ${counterpart} AS`)).toMatchObject({ kind: 'uncertain' })
        expect(await opened.findBy(counterpart)).toHaveLength(1)
      },
    )

    test('a creation whose reply does not come within the time limit is uncertain, and sent once', async () => {
      const impatient = opened.running.connect({ timeoutMs: 300 }, opened.logger).collection(opened.flow)
      await impatient.startCursor(context)
      await opened.fault({ kind: 'hang', method: 'POST', path: createPath, when: 'after', hangMs: 3_000 })
      await admin(opened.running.origin, 'DELETE', '/counts')
      const { body } = opened.prepare('4850', 'Treg AS')
      expect(await impatient.create(body, { id: '4850', creation: 1 }, context)).toMatchObject({ kind: 'uncertain' })
      expect(await opened.requestsTo(opened.createRoute)).toBe(1)
      expect(await opened.findBy('4850')).toHaveLength(1)
    })

    test('a creation that was throttled is sent again and lands once', async () => {
      const throttle = { kind: 'status', status: 429, headers: { 'Retry-After': '0' } }
      await opened.fault({ ...throttle, method: 'POST', path: createPath })
      written(await opened.create('4860', 'Strupt AS'))
      expect(await opened.requestsTo(opened.createRoute)).toBe(2)
      expect(await opened.findBy('4860')).toHaveLength(1)
    })

    test('a creation that nobody hears is trouble of the system, not an uncertain write', async () => {
      const dead = opened.running.connect({ deadAddress: true }, opened.logger).collection(opened.flow)
      const trouble = await troubleOf(dead.create({}, { id: '1', creation: 1 }, context))
      expect(trouble).toMatchObject({ type: 'Unreachable', where: opened.connector.side })
    })

    test('a key without the right to write is NotAuthorised and says what to grant', async () => {
      const powerless = (await opened.running.withoutRightToWrite()).collection(opened.flow)
      const { body } = opened.prepare('4870', 'Uten rett AS')
      const trouble = await troubleOf(powerless.create(body, { id: '4870', creation: 1 }, context))
      expect(trouble).toMatchObject({ type: 'NotAuthorised', where: opened.connector.side })
      expect(trouble.message).toContain('403')
    })
  })
}
