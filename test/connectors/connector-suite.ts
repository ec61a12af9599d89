import { inspect } from 'node:util'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type {
  Collection,
  Connector,
  JsonObject,
  ParsedRecord,
  RequestContext,
  WriteAnswer,
} from '../../activities/connector.ts'
import type { ConnectorLogger } from '../../activities/http/logger.ts'
import { VendorTrouble } from '../../activities/vendor-trouble.ts'
import type { Trouble } from '../../flows/port.ts'

/** What the suite needs of a system: a sandbox with faults, and ways past the connector. */
export interface SystemUnderTest {
  readonly settingNames: readonly string[]
  readonly recordPath: string
  start(): Promise<RunningSystem>
}

export interface ConnectorChoices {
  readonly timeoutMs?: number
  readonly wrongKey?: boolean
  readonly deadAddress?: boolean
}

export interface RunningSystem {
  readonly origin: string
  readonly secrets: readonly string[]
  connect(choices: ConnectorChoices, logger: ConnectorLogger): Connector
  /** Puts companies in past the connector. @returns their ids in order */
  insertCompanies(names: readonly string[]): string[]
  /** Somebody gives the company another name in the system itself. */
  rename(id: string, name: string): void | Promise<void>
  remove(id: string): void | Promise<void>
  /** The vendor's spelling of a company, as the mapper would make it. */
  company(name: string, email: string | null): JsonObject
  /** A body that the system refuses with a reason. */
  readonly refusedBody: JsonObject
  nameIn(record: ParsedRecord): unknown
  namePatch(name: string): JsonObject
  /** A key whose owner may read but not write; the connector's own rights afterwards. */
  withoutRightToWrite(): Promise<Connector>
  close(): Promise<void>
}

export const context: RequestContext = { signal: new AbortController().signal, priority: 'live' }

export async function troubleOf(work: Promise<unknown>): Promise<Trouble> {
  const outcome = await work.then(
    () => 'it worked',
    (failure: unknown) => failure,
  )
  if (!(outcome instanceof VendorTrouble)) throw new Error(`no VendorTrouble came: ${inspect(outcome)}`)
  return outcome.trouble
}

/** The record of a `done` answer. */
export function written(answer: WriteAnswer): ParsedRecord & { kind: 'record' } {
  if (answer.kind !== 'done' || answer.record.kind !== 'record') throw new Error(`not done: ${inspect(answer)}`)
  return answer.record
}

export function present(record: ParsedRecord | undefined): ParsedRecord & { kind: 'record' } {
  if (record?.kind !== 'record') throw new Error(`no record: ${inspect(record)}`)
  return record
}

export async function admin(origin: string, method: string, path: string, body?: unknown): Promise<unknown> {
  const answer = await fetch(`${origin}/sandbox${path}`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  })
  if (!answer.ok) throw new Error(`${method} /sandbox${path}: ${answer.status} ${await answer.text()}`)
  const text = await answer.text()
  return text === '' ? null : JSON.parse(text)
}

/** One list of behaviours for every connector; what a system does differently is tested beside it, in its own file. */
export function describeConnector(name: string, system: SystemUnderTest): void {
  describe(`${name} connector`, () => {
    let running: RunningSystem
    let connector: Connector
    let customers: Collection
    let ids: string[]
    const lines: string[] = []
    const logger: ConnectorLogger = {
      debug: (fields, message) => void lines.push(JSON.stringify([fields, message])),
      warn: (fields, message) => void lines.push(JSON.stringify([fields, message])),
    }
    const fault = (planned: Readonly<Record<string, unknown>>) => admin(running.origin, 'POST', '/faults', planned)
    const requestsTo = async (route: RegExp) => {
      const counts = (await admin(running.origin, 'GET', '/counts')) as { byRoute: Record<string, number> }
      return Object.entries(counts.byRoute)
        .filter(([key]) => route.test(key))
        .reduce((sum, [, count]) => sum + count, 0)
    }
    const createCompany = async (shopOrErpId: string, company: string, email: string | null = null) => {
      const counterpart = { id: shopOrErpId, creation: 1 }
      const { body } = customers.prepareCreate(running.company(company, email), counterpart)
      return customers.create(body, counterpart, context)
    }

    beforeAll(async () => {
      running = await system.start()
      connector = running.connect({}, logger)
      customers = connector.collection('customers')
      ids = running.insertCompanies(Array.from({ length: 12 }, (_, index) => `Fjordfisk ${index} AS`))
    })
    afterAll(() => running.close())
    beforeEach(async () => {
      await admin(running.origin, 'DELETE', '/faults')
      await admin(running.origin, 'DELETE', '/counts')
    })

    describe('reading', () => {
      test('lists everything, each record once, in the vendor’s documented spelling', async () => {
        const records = await customers.listAll(context)
        expect(records.map((record) => record.id).toSorted()).toEqual(expect.arrayContaining([...ids].toSorted()))
        expect(new Set(records.map((record) => record.id)).size).toBe(records.length)
        const first = present(records.find((record) => record.id === ids[0]))
        expect(running.nameIn(first)).toBe('Fjordfisk 0 AS')
        expect(first).toMatchObject({ reference: null, outOfScope: null })
        expect(first.changedAt).toMatch(/^20\d\d-/)
      })

      test.each([
        [2, 'few'],
        [12, 'many'],
      ])('reads %i ids (%s) and answers every one that was asked for', async (count) => {
        const asked = [...ids.slice(0, count), '999999999']
        const found = await customers.readMany(asked, context)
        expect([...found.keys()].toSorted()).toEqual([...asked].toSorted())
        expect(running.nameIn(present(found.get(ids[1] ?? '')))).toBe('Fjordfisk 1 AS')
        expect(found.get('999999999')).toEqual({ kind: 'missing', id: '999999999', tombstone: false })
      })

      test('no ids are no request', async () => {
        expect(await customers.readMany([], context)).toEqual(new Map())
        expect(await requestsTo(/customers/i)).toBe(0)
      })

      test('a change made by others comes with the changes since the cursor, and the cursor goes on from there', async () => {
        const cursor = await customers.startCursor(context)
        const id = ids[3] ?? ''
        await running.rename(id, 'Fjordfisk tre AS')
        const changes = await customers.listChanges(cursor, context)
        expect(changes.restarted).toBe(false)
        const seen = present(changes.records.find((record) => record.id === id))
        expect(running.nameIn(seen)).toBe('Fjordfisk tre AS')
        await running.rename(id, 'Fjordfisk 3 AS')
        const later = await customers.listChanges(changes.next, context)
        expect(running.nameIn(present(later.records.find((record) => record.id === id)))).toBe('Fjordfisk 3 AS')
      })

      test('identical readings in flight are one request', async () => {
        const answers = await Promise.all(Array.from({ length: 6 }, () => customers.readMany([ids[0] ?? ''], context)))
        expect(answers).toHaveLength(6)
        expect(await requestsTo(/customers\/\{id\}/i)).toBe(1)
      })

      test('a record that was removed is missing when it is asked for by its id', async () => {
        const [id = ''] = running.insertCompanies(['Slettet AS'])
        await running.remove(id)
        expect((await customers.readMany([id], context)).get(id)).toMatchObject({ kind: 'missing', id })
      })

      test('says whom it speaks to', async () => {
        await expect(connector.checkHealth(context)).resolves.toBeUndefined()
        const { name: company, production } = await connector.identify(context)
        expect(company).not.toBe('')
        expect(production).toBe(false)
        expect(Math.abs(connector.clockOffsetMs())).toBeLessThan(2_000)
      })
    })

    describe('writing', () => {
      test('a created record names its counterpart and is found by it', async () => {
        const record = written(await createCompany('4711', 'Nyopprettet AS', 'post@nyopprettet.no'))
        expect(running.nameIn(record)).toBe('Nyopprettet AS')
        expect(record.reference).toBe('4711')
        const found = await customers.findByCounterpart('4711', context, {})
        expect(found.map((each) => each.id)).toEqual([record.id])
        expect(await customers.findByCounterpart('4712', context, {})).toEqual([])
      })

      test('an update writes the given property and leaves the others alone', async () => {
        const before = written(await createCompany('4720', 'Før AS', 'samme@foer.no'))
        const prepared = customers.prepareUpdate(before.raw, running.namePatch('Etter AS'), '')
        const after = written(await customers.update(before, prepared.body, null, context))
        expect(running.nameIn(after)).toBe('Etter AS')
        expect({
          ...after.raw,
          ...running.namePatch(''),
          version: '',
          LastChangedDateTimeOffset: '',
          changedAt: '',
        }).toEqual({
          ...before.raw,
          ...running.namePatch(''),
          version: '',
          LastChangedDateTimeOffset: '',
          changedAt: '',
        })
      })

      test('an update with nothing to write is done without a request', async () => {
        const record = present((await customers.readMany([ids[0] ?? ''], context)).get(ids[0] ?? ''))
        await admin(running.origin, 'DELETE', '/counts')
        expect(await customers.update(record, {}, null, context)).toEqual({ kind: 'done', record })
        expect(await requestsTo(/PATCH/)).toBe(0)
      })

      test('an update of a record that is gone says that it is missing', async () => {
        const [id = ''] = running.insertCompanies(['Borte AS'])
        const record = present((await customers.readMany([id], context)).get(id))
        await running.remove(id)
        expect(await customers.update(record, running.namePatch('Hvor?'), null, context)).toEqual({ kind: 'missing' })
      })

      test('what the system refuses is an answer with its reason, not an exception', async () => {
        const answer = await customers.create(running.refusedBody, { id: '4730', creation: 1 }, context)
        expect(answer).toMatchObject({ kind: 'refused' })
        expect(answer.kind === 'refused' && answer.title !== '' && answer.detail !== '').toBe(true)
      })

      test.each([
        ['the connection is reset', { kind: 'reset' }],
        ['the answer is a 500', { kind: 'status', status: 500 }],
        ['the answer is no JSON', { kind: 'garbage' }],
        ['half an answer comes', { kind: 'truncated' }],
      ])(
        'a creation that landed although %s is uncertain and found by its reference, once',
        async (_title, planned) => {
          const counterpart = `48${lines.length}`
          await fault({ ...planned, method: 'POST', path: system.recordPath, when: 'after' })
          const answer = await createCompany(counterpart, `Usikker ${counterpart} AS`)
          expect(answer).toMatchObject({ kind: 'uncertain' })
          expect(await customers.findByCounterpart(counterpart, context, {})).toHaveLength(1)
        },
      )

      test('a creation whose reply does not come within the time limit is uncertain, and sent once', async () => {
        const impatient = running.connect({ timeoutMs: 300 }, logger).collection('customers')
        await impatient.startCursor(context)
        await fault({ kind: 'hang', method: 'POST', path: system.recordPath, when: 'after', hangMs: 3_000 })
        await admin(running.origin, 'DELETE', '/counts')
        const counterpart = { id: '4850', creation: 1 }
        const { body } = impatient.prepareCreate(running.company('Treg AS', null), counterpart)
        expect(await impatient.create(body, counterpart, context)).toMatchObject({ kind: 'uncertain' })
        expect(await requestsTo(new RegExp(`POST .*${system.recordPath}`, 'i'))).toBe(1)
        expect(await customers.findByCounterpart('4850', context, {})).toHaveLength(1)
      })

      test('a creation that was throttled is sent again and lands once', async () => {
        await fault({
          kind: 'status',
          status: 429,
          method: 'POST',
          path: system.recordPath,
          headers: { 'Retry-After': '0' },
        })
        written(await createCompany('4860', 'Strupt AS'))
        expect(await requestsTo(new RegExp(`POST .*${system.recordPath}`, 'i'))).toBe(2)
        expect(await customers.findByCounterpart('4860', context, {})).toHaveLength(1)
      })

      test('a creation that nobody hears is trouble of the system, not an uncertain write', async () => {
        const dead = running.connect({ deadAddress: true }, logger).collection('customers')
        const trouble = await troubleOf(dead.create({}, { id: '1', creation: 1 }, context))
        expect(trouble).toMatchObject({ type: 'Unreachable', where: connector.side })
      })

      test('a key without the right to write is NotAuthorised and says what to grant', async () => {
        const powerless = (await running.withoutRightToWrite()).collection('customers')
        const { body } = powerless.prepareCreate(running.company('Uten rett AS', null), { id: '4870', creation: 1 })
        const trouble = await troubleOf(powerless.create(body, { id: '4870', creation: 1 }, context))
        expect(trouble).toMatchObject({ type: 'NotAuthorised', where: connector.side })
        expect(trouble.message).toContain('403')
      })
    })

    describe('when the system misbehaves', () => {
      test.each([
        ['two answers are 500', { kind: 'status', status: 500 }],
        ['two connections are reset', { kind: 'reset' }],
        ['two answers are no JSON', { kind: 'garbage' }],
        ['two answers break off in the middle', { kind: 'truncated' }],
        ['two answers are a page in HTML', { kind: 'html' }],
        ['two answers are empty', { kind: 'empty' }],
        ['two answers are 429', { kind: 'status', status: 429, headers: { 'Retry-After': '0' } }],
        ['two answers are 503 with Retry-After', { kind: 'status', status: 503, headers: { 'Retry-After': '0' } }],
      ])('a reading succeeds with its third try after %s', async (_title, planned) => {
        await fault({ ...planned, method: 'GET', path: system.recordPath, count: 2 })
        const found = await customers.readMany([ids[5] ?? ''], context)
        expect(present(found.get(ids[5] ?? '')).id).toBe(ids[5])
        expect(await requestsTo(/customers\/\{id\}/i)).toBe(3)
      })

      test.each([
        ['500', { kind: 'status', status: 500 }, 'Unreachable'],
        ['a reset', { kind: 'reset' }, 'Unreachable'],
        ['a page in HTML', { kind: 'html', status: 200 }, 'ContractChanged'],
        ['no JSON', { kind: 'garbage' }, 'ContractChanged'],
        ['429', { kind: 'status', status: 429, headers: { 'Retry-After': '0' } }, 'RateLimited'],
        [
          'JSON that is no list of records',
          { kind: 'status', status: 200, body: { hello: 'world' } },
          'ContractChanged',
        ],
        ['404 from a gateway', { kind: 'html', status: 404 }, 'ContractChanged'],
        [
          'a redirect',
          { kind: 'status', status: 302, headers: { Location: 'http://127.0.0.1:9/' } },
          'ContractChanged',
        ],
      ])('a list that is answered by %s again and again is %s', async (_title, planned, type) => {
        await fault({ ...planned, method: 'GET', path: system.recordPath, count: 20 })
        const trouble = await troubleOf(customers.listAll(context))
        expect(trouble).toMatchObject({ type, where: connector.side })
        expect(trouble.message).toMatch(/: .+\.$/)
        expect(await requestsTo(/customers/i)).toBeLessThanOrEqual(3)
      })

      test('a reading that gets no answer within the time limit is Unreachable and names the setting to look at', async () => {
        const impatient = running.connect({ timeoutMs: 200 }, logger)
        await impatient.collection('customers').startCursor(context)
        await fault({ kind: 'hang', method: 'GET', path: system.recordPath, count: 3, hangMs: 5_000 })
        const trouble = await troubleOf(impatient.collection('customers').readMany([ids[0] ?? ''], context))
        expect(trouble).toMatchObject({ type: 'Unreachable', where: connector.side })
        expect(trouble.message).toContain('within 0.2 s')
        expect(trouble.message).toContain(system.settingNames[0])
      })

      test('a long pause that the system asks for is handed on instead of waited for', async () => {
        const fresh = running.connect({}, logger)
        await fresh.collection('customers').startCursor(context)
        await fault({
          kind: 'status',
          status: 429,
          method: 'GET',
          path: system.recordPath,
          headers: { 'Retry-After': '90' },
        })
        const trouble = await troubleOf(fresh.collection('customers').readMany([ids[0] ?? ''], context))
        expect(trouble).toMatchObject({ type: 'RateLimited', where: connector.side })
        expect(trouble.message).toMatch(/about (90|91) s/)
      })

      test('wrong keys are NotAuthorised, with the names of the settings that hold them', async () => {
        const trouble = await troubleOf(running.connect({ wrongKey: true }, logger).checkHealth(context))
        expect(trouble).toMatchObject({ type: 'NotAuthorised', where: connector.side })
        for (const setting of system.settingNames.slice(1)) expect(trouble.message).toContain(setting)
      })

      test('a system that is not there is Unreachable', async () => {
        const trouble = await troubleOf(running.connect({ deadAddress: true }, logger).checkHealth(context))
        expect(trouble).toMatchObject({ type: 'Unreachable', where: connector.side })
        expect(trouble.message).toContain('ECONNREFUSED')
      })

      test('a cancelled reading rejects with the reason it was given', async () => {
        const cancelling = new AbortController()
        await fault({ kind: 'hang', method: 'GET', path: system.recordPath, hangMs: 3_000 })
        const reading = customers.readMany([ids[2] ?? ''], { signal: cancelling.signal, priority: 'live' })
        setTimeout(() => cancelling.abort(new Error('the activity was cancelled')), 50)
        await expect(reading).rejects.toThrow('the activity was cancelled')
      })

      test('no key appears in an error or a log line, whatever went wrong', async () => {
        const failures: unknown[] = []
        for (const planned of [
          { kind: 'reset' },
          { kind: 'status', status: 500 },
          { kind: 'garbage' },
          { kind: 'status', status: 403, body: {} },
          { kind: 'status', status: 401, body: {} },
        ]) {
          await admin(running.origin, 'DELETE', '/faults')
          await fault({ ...planned, method: 'GET', path: system.recordPath, count: 20 })
          failures.push(await customers.listAll(context).catch((failure: unknown) => failure))
        }
        await admin(running.origin, 'DELETE', '/faults')
        for (const choices of [{ wrongKey: true }, { deadAddress: true }]) {
          failures.push(
            await running
              .connect(choices, logger)
              .checkHealth(context)
              .catch((failure: unknown) => failure),
          )
        }
        expect(failures.every((failure) => failure instanceof VendorTrouble)).toBe(true)
        const text = [
          ...failures.map((failure) => inspect(failure, { depth: 20, showHidden: true })),
          JSON.stringify(failures),
          ...lines,
        ]
        expect(lines.length).toBeGreaterThan(20)
        for (const secret of running.secrets) {
          expect(text.filter((line) => line.includes(secret))).toEqual([])
        }
        expect(text.filter((line) => /Fjordfisk|@/.test(line))).toEqual([])
      })
    })
  })
}
