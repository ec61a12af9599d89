import type { HttpAnswer, OutgoingRequest } from '../../activities/http/exchange.ts'
import { formatTicks, parseTicks, ticksOfMs } from '../../activities/poweroffice/timestamp.ts'
import { answerOf, type Json, type ModelServer } from './model-answer.ts'
import type { VirtualTime } from './virtual-time.ts'

export interface PowerOfficeTraits {
  /** Two records never carry one reference. */
  readonly keepsReferencesUnique: boolean
  /** JSON Patch `test` operations are compared, or ignored. */
  readonly comparesTests: boolean
  /** The filter answers what is later than the time asked for by more than this; 0 of a system that does as it is told. */
  readonly filterShiftMs: number
}

/**
 * PowerOffice's weaknesses, and nothing else of it: change times are stamped when a write begins and show when it ends, so
 * they come in another order; the filter is a strict "greater than"; deletions are not told; an edit of the address moves no
 * change time; a tag is stored in capitals. Written from the vendor's description, without the engine's code but its ticks.
 */
export function createPowerOffice(time: VirtualTime, traits: PowerOfficeTraits) {
  const records = new Map<number, Json>()
  /** Made over the interface, by id: when. */
  const made = new Map<number, number>()
  let lastId = 100
  let stamps = 0n
  /** Writes asked for over the interface. */
  let writes = 0

  const stamp = (): string => formatTicks(ticksOfMs(time.nowMs) + (stamps++ % 10_000n))

  function insert(values: Json, changedAt: string): Json {
    const record: Json = {
      Id: ++lastId,
      Mark: null,
      Code: null,
      Name: null,
      Note: null,
      Tag: null,
      Price: '10',
      Address: null,
      IsActive: true,
      ExternalImportReference: null,
      ...stored(values),
      CreatedDateTimeOffset: changedAt,
      LastChangedDateTimeOffset: changedAt,
    }
    records.set(lastId, record)
    return record
  }

  function stored(values: Json): Json {
    const { Tag: tag } = values
    return typeof tag === 'string' ? { ...values, Tag: tag.toUpperCase() } : values
  }

  function change(id: number, values: Json, changedAt: string): Json | undefined {
    const record = records.get(id)
    if (!record) return undefined
    const isAddressOnly = Object.keys(values).every((name) => name === 'Address')
    const next = { ...record, ...stored(values), ...(isAddressOnly ? {} : { LastChangedDateTimeOffset: changedAt }) }
    records.set(id, next)
    return next
  }

  function list(query: URLSearchParams): Json[] {
    const after = query.get('lastChangedDateTimeOffsetGreaterThan')
    const reference = query.get('externalImportReferences')
    return [...records.values()].filter((record) => {
      if (reference !== null) return record['ExternalImportReference'] === reference
      if (after === null) return true
      return ticks(record['LastChangedDateTimeOffset']) > ticks(after) + ticksOfMs(traits.filterShiftMs)
    })
  }

  function post(body: Json): HttpAnswer {
    const reference = body['ExternalImportReference']
    const holder = [...records.values()].find((record) => record['ExternalImportReference'] === reference)
    if (traits.keepsReferencesUnique && reference && holder)
      return answerOf(time.nowMs, 400, {
        title: 'ExternalImportReference is already in use.',
        detail: `'${String(reference)}' is used on (contact) Id = ${String(holder['Id'])}`,
      })
    writes++
    const record = insert(body, stamp())
    made.set(record['Id'] as number, time.nowMs)
    return answerOf(time.nowMs, 201, record)
  }

  function patch(id: number, operations: readonly { op: string; path: string; value: unknown }[]): HttpAnswer {
    const record = records.get(id)
    if (!record) return answerOf(time.nowMs, 404, { title: 'not found' })
    const values: Json = {}
    for (const { op, path, value } of operations) {
      const name = path.slice(1)
      if (op === 'replace') values[name] = value
      else if (traits.comparesTests && (record[name] ?? null) !== value)
        return answerOf(time.nowMs, 400, { title: 'test failed', detail: name })
    }
    writes++
    return answerOf(time.nowMs, 200, change(id, values, stamp()))
  }

  const server: ModelServer = {
    answer: ({ method, url, body }: OutgoingRequest): HttpAnswer => {
      const { pathname, searchParams } = new URL(url)
      const id = Number(/^\/Customers\/(\d+)$/.exec(pathname)?.[1] ?? Number.NaN)
      if (method === 'POST') return post(JSON.parse(body ?? '{}') as Json)
      if (method === 'PATCH')
        return patch(id, JSON.parse(body ?? '[]') as { op: string; path: string; value: unknown }[])
      if (!Number.isNaN(id)) {
        const record = records.get(id)
        return record ? answerOf(time.nowMs, 200, record) : answerOf(time.nowMs, 404, { title: 'not found' })
      }
      return answerOf(time.nowMs, 200, list(searchParams), { 'x-pagination': '{"NextPageLink":""}' })
    },
  }

  return {
    server,
    records,
    writes: () => writes,
    /** When it was made over the interface; undefined: by a person. */
    madeMs: (id: number): number | undefined => made.get(id),
    /** A person saves a record; it shows after `slowMs`, with the change time of the beginning. */
    save: (id: number, values: Json, slowMs: number, onShown: () => void): void => {
      const changedAt = stamp()
      const commit = (): void => {
        if (records.has(id)) {
          onShown()
          change(id, values, changedAt)
        }
      }
      if (slowMs === 0) commit()
      else time.in(slowMs, commit)
    },
    add: (values: Json): number => insert(values, stamp())['Id'] as number,
    remove: (id: number): boolean => records.delete(id),
  }
}

function ticks(text: unknown): bigint {
  const value = parseTicks(String(text))
  if (value === null) throw new Error(`${String(text)} is no time`)
  return value
}

export type ModelPowerOffice = ReturnType<typeof createPowerOffice>
