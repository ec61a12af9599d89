import { inspect } from 'node:util'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type {
  Collection,
  Connector,
  ItemAnswer,
  ItemEdit,
  JsonObject,
  NewItem,
  ParsedItem,
  ParsedRecord,
  Prepared,
  RequestContext,
  WriteAnswer,
} from '../../activities/connector.ts'
import type { ConnectorLogger } from '../../activities/http/logger.ts'
import { VendorTrouble } from '../../activities/vendor-trouble.ts'
import type { FlowName } from '../../flows/flow-definition.ts'
import type { Trouble } from '../../flows/port.ts'

/** What the suites need of a system: a sandbox with faults, and ways past the connector. */
export interface SystemUnderTest {
  readonly settingNames: readonly string[]
  /** The collection that is tested; default customers. */
  readonly flow?: FlowName
  /** Part of the path of its list and of its single records, as the sandbox counts and fails them. */
  readonly recordPath: string
  /** Of its POST, where that is another. */
  readonly createPath?: string
  readonly offers?: Partial<CollectionOffers>
  start(): Promise<RunningSystem>
}

/** What a collection offers; the suite tests that and nothing else. Default: all but lists. */
export interface CollectionOffers {
  readonly create: boolean
  readonly update: boolean
  /** Records carry our reference, and are found by it; without, by their natural key. */
  readonly reference: boolean
  /** Somebody can delete a record in the system itself. */
  readonly removal: boolean
  /** Edits of a record's list, item by item. */
  readonly items: boolean
}

export interface ConnectorChoices {
  readonly timeoutMs?: number
  readonly wrongKey?: boolean
  readonly deadAddress?: boolean
}

/** "Name" is whatever text of a record the system lets everybody edit. */
export interface RunningSystem {
  readonly origin: string
  readonly secrets: readonly string[]
  connect(choices: ConnectorChoices, logger: ConnectorLogger): Connector
  /** Puts records in past the connector. @returns their ids in order */
  insert(names: readonly string[]): string[]
  /** Somebody gives the record another name in the system itself. */
  rename(id: string, name: string): void | Promise<void>
  remove(id: string): void | Promise<void>
  /** The vendor's spelling of a record, as the mapper would make it; `key` makes it one of its own. */
  values(name: string, key: string): JsonObject
  /** The list of a new record. */
  readonly newItems?: readonly NewItem[]
  /** A body that the system refuses with a reason. */
  readonly refusedBody: JsonObject
  nameIn(record: ParsedRecord): unknown
  namePatch(name: string): JsonObject
  /** A key whose owner may read but not write; the connector's own rights afterwards. */
  withoutRightToWrite(): Promise<Connector>
  /** With `offers.items`: the records that are inserted have two items, named `Første` and `Andre`. */
  readonly item?: ItemUnderTest
  close(): Promise<void>
}

export interface ItemUnderTest {
  values(name: string): JsonObject
  namePatch(name: string): JsonObject
  nameIn(item: ParsedItem): unknown
}

const offersByDefault: CollectionOffers = { create: true, update: true, reference: true, removal: true, items: false }

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

/** What the tests share: one sandbox, one connector and twelve records. The first four are there once tests run. */
interface Opened {
  running: RunningSystem
  connector: Connector
  collection: Collection
  ids: readonly string[]
  readonly flow: FlowName
  readonly offers: CollectionOffers
  readonly lines: readonly string[]
  readonly logger: ConnectorLogger
  readonly createPath: string
  readonly anyRoute: RegExp
  readonly oneRoute: RegExp
  readonly createRoute: RegExp
  fault(planned: Readonly<Record<string, unknown>>): Promise<unknown>
  requestsTo(route: RegExp): Promise<number>
  prepare(counterpartId: string, name: string): Prepared
  create(counterpartId: string, name: string): Promise<WriteAnswer>
  findBy(counterpartId: string): Promise<ParsedRecord[]>
}

function openSystem(system: SystemUnderTest): Opened {
  const flow = system.flow ?? 'customers'
  const createPath = system.createPath ?? system.recordPath
  const lines: string[] = []
  const logger: ConnectorLogger = {
    debug: (fields, message) => void lines.push(JSON.stringify([fields, message])),
    warn: (fields, message) => void lines.push(JSON.stringify([fields, message])),
  }
  const opened: Opened = {
    flow,
    lines,
    logger,
    offers: { ...offersByDefault, ...system.offers },
    createPath,
    anyRoute: new RegExp(system.recordPath, 'i'),
    oneRoute: new RegExp(`${system.recordPath}/\\{id\\}$`, 'i'),
    createRoute: new RegExp(`POST .*${createPath}$`, 'i'),
    running: undefined as unknown as RunningSystem,
    connector: undefined as unknown as Connector,
    collection: undefined as unknown as Collection,
    ids: [],
    fault: (planned: Readonly<Record<string, unknown>>) => admin(opened.running.origin, 'POST', '/faults', planned),
    requestsTo: async (route: RegExp) => {
      const counts = (await admin(opened.running.origin, 'GET', '/counts')) as { byRoute: Record<string, number> }
      return Object.entries(counts.byRoute)
        .filter(([key]) => route.test(key))
        .reduce((sum, [, count]) => sum + count, 0)
    },
    prepare: (counterpartId, name) => {
      const { running, collection } = opened
      const counterpart = { id: counterpartId, creation: 1 }
      return collection.prepareCreate(running.values(name, counterpartId), counterpart, running.newItems)
    },
    create: (counterpartId: string, name: string) => {
      const counterpart = { id: counterpartId, creation: 1 }
      return opened.collection.create(opened.prepare(counterpartId, name).body, counterpart, context)
    },
    findBy: (counterpartId: string) =>
      opened.collection.findByCounterpart(counterpartId, context, opened.prepare(counterpartId, 'Søkt').body),
  }
  beforeAll(async () => {
    opened.running = await system.start()
    opened.connector = opened.running.connect({}, logger)
    opened.collection = opened.connector.collection(flow)
    opened.ids = opened.running.insert(Array.from({ length: 12 }, (_, index) => `Fjordfisk ${index} AS`))
  })
  afterAll(() => opened.running.close())
  beforeEach(async () => {
    await admin(opened.running.origin, 'DELETE', '/faults')
    await admin(opened.running.origin, 'DELETE', '/counts')
  })
  return opened
}

/** One list of behaviours for every collection of every connector; what a system does differently is tested beside it. */
export function describeCollection(name: string, system: SystemUnderTest): void {
  describe(`${name} connector, ${system.flow ?? 'customers'}`, () => {
    const opened = openSystem(system)
    describeReading(opened)
    describeWriting(opened)
    if (opened.offers.items) describe('the list of a record', () => describeItems(opened))
  })
}

/** What is the same for all collections of a connector, tested with one of them. */
export function describeConnector(name: string, system: SystemUnderTest): void {
  describeCollection(name, system)
  describe(`${name} connector, when the system misbehaves`, () => describeTrouble(system, openSystem(system)))
}

function describeReading(opened: Opened): void {
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
      const asked = [...opened.ids.slice(0, count), '999999999']
      const found = await opened.collection.readMany(asked, context)
      expect([...found.keys()].toSorted()).toEqual([...asked].toSorted())
      expect(opened.running.nameIn(present(found.get(opened.ids[1] ?? '')))).toBe('Fjordfisk 1 AS')
      expect(found.get('999999999')).toEqual({ kind: 'missing', id: '999999999', tombstone: false })
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

    test('identical readings in flight are one request', async () => {
      const answers = await Promise.all(
        Array.from({ length: 6 }, () => opened.collection.readMany([opened.ids[0] ?? ''], context)),
      )
      expect(answers).toHaveLength(6)
      expect(await opened.requestsTo(opened.oneRoute)).toBe(1)
    })

    if (opened.offers.removal)
      test('a record that was removed is missing when it is asked for by its id', async () => {
        const [id = ''] = opened.running.insert(['Slettet AS'])
        await opened.running.remove(id)
        expect((await opened.collection.readMany([id], context)).get(id)).toMatchObject({ kind: 'missing', id })
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

function describeWriting(opened: Opened): void {
  const { offers, createPath } = opened
  if (offers.create)
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

  if (offers.update)
    describe('updating', () => {
      const insertOne = async (name: string) => {
        const [id = ''] = opened.running.insert([name])
        return present((await opened.collection.readMany([id], context)).get(id))
      }

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

function describeItems(opened: Opened): void {
  const readWhole = async (id: string) => {
    const { collection } = opened
    return present(await (collection.readWhole?.(id, context) ?? one(collection.readMany([id], context), id)))
  }
  const insertOne = (name: string) => readWhole(opened.running.insert([name])[0] ?? '')
  const item = () => {
    if (!opened.running.item) throw new Error('offers.items, but nothing about items')
    return opened.running.item
  }
  const namesOf = async (id: string) => (await readWhole(id)).items?.map((each) => item().nameIn(each))
  /** As the engine does it: each edit carries the version that the one before it answered. */
  const editAll = async (record: Present, edits: readonly ItemEdit[]) => {
    let current = record
    const answers: (ItemAnswer & { kind: 'done' })[] = []
    for (const edit of edits) {
      const answer = await opened.collection.editItem?.(current, edit, context)
      if (answer?.kind !== 'done') throw new Error(`not done: ${inspect(answer)}`)
      current = { ...current, version: answer.version ?? current.version }
      answers.push(answer)
    }
    return answers
  }

  test('is read whole and in its order', async () => {
    expect(await namesOf((await insertOne('I rekkefølge AS')).id)).toEqual(['Første', 'Andre'])
  })

  test('takes edits one after the other: one is changed, one removed, two are added behind', async () => {
    const record = await insertOne('Redigert AS')
    const [first, second] = record.items ?? []
    const add = (name: string, counterpartId: string, position: number): ItemEdit => ({
      kind: 'add',
      values: item().values(name),
      counterpartId,
      position,
    })
    const [changed, removed, ...added] = await editAll(record, [
      {
        kind: 'change',
        id: first?.id ?? '',
        current: first?.raw ?? {},
        values: item().namePatch('Ny'),
        position: null,
      },
      { kind: 'remove', id: second?.id ?? '' },
      add('Tredje', '9001', 1),
      add('Fjerde', '9002', 2),
    ])
    expect(changed?.item?.id).toBe(first?.id)
    expect(removed?.item).toBeNull()
    const whole = await readWhole(record.id)
    expect(whole.items?.map((each) => item().nameIn(each))).toEqual(['Ny', 'Tredje', 'Fjerde'])
    expect(whole.items?.slice(1).map((each) => each.id)).toEqual(added.map((answer) => answer.item?.id))
  })

  test('is put in another order', async () => {
    const record = await insertOne('Omvendt AS')
    const [first, second] = record.items ?? []
    const move = (moved: ParsedItem | undefined, position: number): ItemEdit => ({
      kind: 'change',
      id: moved?.id ?? '',
      current: moved?.raw ?? {},
      values: {},
      position,
    })
    await editAll(record, [move(second, 0), move(first, 1)])
    expect(await namesOf(record.id)).toEqual(['Andre', 'Første'])
  })

  test('an edit of an item that is gone is not done, and nothing else is touched', async () => {
    const record = await insertOne('Linje borte AS')
    const [first, second] = record.items ?? []
    await editAll(record, [{ kind: 'remove', id: first?.id ?? '' }])
    const edit: ItemEdit = {
      kind: 'change',
      id: first?.id ?? '',
      current: first?.raw ?? {},
      values: item().namePatch('Hvor?'),
      position: null,
    }
    const answer = await opened.collection.editItem?.(await readWhole(record.id), edit, context)
    expect(answer).toEqual({ kind: 'missing' })
    expect((await readWhole(record.id)).items?.map((each) => each.id)).toEqual([second?.id])
  })
}

type Present = ParsedRecord & { kind: 'record' }

async function one(found: Promise<ReadonlyMap<string, ParsedRecord>>, id: string): Promise<ParsedRecord> {
  return (await found).get(id) ?? { kind: 'missing', id, tombstone: false }
}

function describeTrouble(system: SystemUnderTest, opened: Opened): void {
  const { logger, lines } = opened
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
    await opened.fault({ ...planned, method: 'GET', path: system.recordPath, count: 2 })
    const found = await opened.collection.readMany([opened.ids[5] ?? ''], context)
    expect(present(found.get(opened.ids[5] ?? '')).id).toBe(opened.ids[5])
    expect(await opened.requestsTo(opened.oneRoute)).toBe(3)
  })

  test.each([
    ['500', { kind: 'status', status: 500 }, 'Unreachable'],
    ['a reset', { kind: 'reset' }, 'Unreachable'],
    ['a page in HTML', { kind: 'html', status: 200 }, 'ContractChanged'],
    ['no JSON', { kind: 'garbage' }, 'ContractChanged'],
    ['429', { kind: 'status', status: 429, headers: { 'Retry-After': '0' } }, 'RateLimited'],
    ['JSON that is no list of records', { kind: 'status', status: 200, body: { hello: 'world' } }, 'ContractChanged'],
    ['404 from a gateway', { kind: 'html', status: 404 }, 'ContractChanged'],
    ['a redirect', { kind: 'status', status: 302, headers: { Location: 'http://127.0.0.1:9/' } }, 'ContractChanged'],
  ])('a list that is answered by %s again and again is %s', async (_title, planned, type) => {
    await opened.fault({ ...planned, method: 'GET', path: system.recordPath, count: 20 })
    const trouble = await troubleOf(opened.collection.listAll(context))
    expect(trouble).toMatchObject({ type, where: opened.connector.side })
    expect(trouble.message).toMatch(/: .+\.$/)
    expect(await opened.requestsTo(opened.anyRoute)).toBeLessThanOrEqual(3)
  })

  test('a reading that gets no answer within the time limit is Unreachable and names the setting to look at', async () => {
    const impatient = opened.running.connect({ timeoutMs: 200 }, logger)
    await impatient.collection(opened.flow).startCursor(context)
    await opened.fault({ kind: 'hang', method: 'GET', path: system.recordPath, count: 3, hangMs: 5_000 })
    const trouble = await troubleOf(impatient.collection(opened.flow).readMany([opened.ids[0] ?? ''], context))
    expect(trouble).toMatchObject({ type: 'Unreachable', where: opened.connector.side })
    expect(trouble.message).toContain('within 0.2 s')
    expect(trouble.message).toContain(system.settingNames[0])
  })

  test('a long pause that the system asks for is handed on instead of waited for', async () => {
    const fresh = opened.running.connect({}, logger)
    await fresh.collection(opened.flow).startCursor(context)
    await opened.fault({
      kind: 'status',
      status: 429,
      method: 'GET',
      path: system.recordPath,
      headers: { 'Retry-After': '90' },
    })
    const trouble = await troubleOf(fresh.collection(opened.flow).readMany([opened.ids[0] ?? ''], context))
    expect(trouble).toMatchObject({ type: 'RateLimited', where: opened.connector.side })
    expect(trouble.message).toMatch(/about (90|91) s/)
  })

  test('wrong keys are NotAuthorised, with the names of the settings that hold them', async () => {
    const trouble = await troubleOf(opened.running.connect({ wrongKey: true }, logger).checkHealth(context))
    expect(trouble).toMatchObject({ type: 'NotAuthorised', where: opened.connector.side })
    for (const setting of system.settingNames.slice(1)) expect(trouble.message).toContain(setting)
  })

  test('a system that is not there is Unreachable', async () => {
    const trouble = await troubleOf(opened.running.connect({ deadAddress: true }, logger).checkHealth(context))
    expect(trouble).toMatchObject({ type: 'Unreachable', where: opened.connector.side })
    expect(trouble.message).toContain('ECONNREFUSED')
  })

  test('a cancelled reading rejects with the reason it was given', async () => {
    const cancelling = new AbortController()
    await opened.fault({ kind: 'hang', method: 'GET', path: system.recordPath, hangMs: 3_000 })
    const reading = opened.collection.readMany([opened.ids[2] ?? ''], { signal: cancelling.signal, priority: 'live' })
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
      await admin(opened.running.origin, 'DELETE', '/faults')
      await opened.fault({ ...planned, method: 'GET', path: system.recordPath, count: 20 })
      failures.push(await opened.collection.listAll(context).catch((failure: unknown) => failure))
    }
    await admin(opened.running.origin, 'DELETE', '/faults')
    for (const choices of [{ wrongKey: true }, { deadAddress: true }]) {
      failures.push(
        await opened.running
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
    for (const secret of opened.running.secrets) {
      expect(text.filter((line) => line.includes(secret))).toEqual([])
    }
    expect(text.filter((line) => /Fjordfisk|@/.test(line))).toEqual([])
  })
}
