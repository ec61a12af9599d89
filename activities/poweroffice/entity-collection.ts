import type { Collection, ParsedRecord, RequestContext, WriteAnswer } from '../connector.ts'
import { findAbsentProperty, type Row } from '../http/absent-property.ts'
import { contractChanged } from '../http/answer-meaning.ts'
import { mapInChunks } from '../http/event-loop.ts'
import type { HttpAnswer } from '../http/exchange.ts'
import type { HttpClient } from '../http/http-client.ts'
import { anotherRecord, idOrStandIn } from '../http/unreadable.ts'
import { VendorTrouble } from '../vendor-trouble.ts'
import { cursorAt, decodeCursor, encodeCursor, inChangeOrder, readChanged, watermarkOf } from './change-watermarks.ts'
import { withDocumentedNames } from './documented-names.ts'
import type { PowerOfficeEntity } from './entity.ts'
import { textOf } from './json-text.ts'
import { createListReader } from './list-pages.ts'
import type { PatchTests } from './patch.ts'
import { patchRecord } from './patch-record.ts'
import type { References } from './reference.ts'
import { isNumericId } from './row-fields.ts'
import { powerOffice } from './system-names.ts'
import { findReferenceTaken, parseProblem } from './vendor-problem.ts'

/** Above this, one list of everything costs fewer requests than a reading each. */
const fewIds = 8
/** Of the ids that the list did not show, so many are asked for by themselves at first. */
const maxVerified = 20
/** A record is created anew at most this often before a person looks. */
export const creations: readonly number[] = [1, 2, 3]

export interface EntityCollectionOptions {
  readonly client: HttpClient
  readonly entity: PowerOfficeEntity
  readonly references: References
  readonly tests: PatchTests
  readonly listTimeoutMs: number
  readonly pageSize?: number
  /** The server's time now, by an answer to an authenticated request. */
  readonly serverTimeMs: (context: RequestContext) => Promise<number>
}

export function createEntityCollection(options: EntityCollectionOptions): Collection {
  const { client, entity, references, tests } = options
  const recordLabel = `${entity.path}/{id}`
  const lists = createListReader(client, entity, {
    timeoutMs: options.listTimeoutMs,
    ...(options.pageSize !== undefined && { pageSize: options.pageSize }),
  })

  async function parseRows(
    rows: readonly Row[],
    context: RequestContext,
    scope: 'whole' | 'some',
    onChunk?: (done: number) => void,
  ) {
    const absent = findAbsentProperty(entity.definition, 'erp', rows)
    if (absent !== undefined) throw new VendorTrouble(contractChanged(powerOffice, propertyGone(entity.path, absent)))
    return mapInChunks(rows, await entity.parserFor(rows, context, scope), context.signal, onChunk)
  }

  async function parseOne(answer: HttpAnswer, context: RequestContext): Promise<ParsedRecord | null> {
    const row = withDocumentedNames(answer.json, entity.names)
    if (!row || Object.keys(row).length === 0) return null
    return (await entity.parserFor([row], context, 'some'))(row)
  }

  async function readOne(id: string, context: RequestContext): Promise<ParsedRecord> {
    if (!isNumericId(id)) return { kind: 'missing', id, tombstone: false }
    const path = `${entity.path}/${encodeURIComponent(id)}`
    const answer = await client.read({ path, label: recordLabel }, context)
    if (answer.status === 404 || answer.status === 410) return { kind: 'missing', id, tombstone: false }
    const row = answer.status < 400 ? withDocumentedNames(answer.json, entity.names) : null
    const record = row ? await parseOne(answer, context) : null
    if (record?.id === id) return record
    if (record && row && 'Id' in row) return anotherRecord(id, 'Id', row)
    const message = `PowerOffice answered GET ${recordLabel} (status ${answer.status}) with something other than the record asked for: check POWEROFFICE_BASE_URL; if it is right, the developer must look.`
    throw new VendorTrouble(contractChanged(powerOffice, message))
  }

  async function listAll(context: RequestContext, onPage?: (recordsSoFar: number) => void): Promise<ParsedRecord[]> {
    const { rows } = await lists.readAll([], context, onPage)
    return parseRows(rows, context, 'whole', onPage)
  }

  async function readMany(ids: readonly string[], context: RequestContext): Promise<ReadonlyMap<string, ParsedRecord>> {
    const found = new Map<string, ParsedRecord>()
    const verify = async (some: readonly string[]): Promise<void> => {
      const read = await Promise.all(some.map((id) => readOne(id, context)))
      for (const [index, record] of read.entries()) found.set(some[index] ?? '', record)
    }
    const wanted = [...new Set(ids)]
    // What carries no usable id is found in the list alone, under the name that was made for it.
    const isListed = wanted.length > (entity.isReadByList ? 0 : fewIds) || !wanted.every(isNumericId)
    if (isListed) {
      const asked = new Set(wanted)
      for (const record of await listAll(context)) if (asked.has(record.id)) found.set(record.id, record)
    }
    const rest = wanted.filter((id) => !found.has(id))
    await verify(isListed ? rest.slice(0, maxVerified) : rest)
    // One that is there after all shows that the list is behind: then it says nothing about the others either. Where none of
    // so many is, the records are gone together, and a hundred thousand readings would only say so again.
    if (rest.some((id) => found.has(id) && found.get(id)?.kind !== 'missing')) await verify(rest.slice(maxVerified))
    for (const id of rest) if (!found.has(id)) found.set(id, { kind: 'missing', id, tombstone: false })
    return found
  }

  async function readFresh(id: string, context: RequestContext): Promise<ParsedRecord> {
    const found = await readMany([id], context)
    return found.get(id) ?? { kind: 'missing', id, tombstone: false }
  }

  /** The filter may be ignored, or read a value as a range: only rows that really carry the value count. */
  async function findCarriers(property: string, filter: string, value: string, context: RequestContext) {
    // A comma parts two values of the filter, so a value that holds one is looked for in the whole list.
    const { rows } = await lists.readAll(value.includes(',') ? [] : [[filter, value]], context)
    const carriers = rows.filter((row) => row[property] === value)
    return mapInChunks(carriers, await entity.parserFor(carriers, context, 'some'), context.signal)
  }

  async function answerOfWrite(answer: HttpAnswer, id: string | null, context: RequestContext): Promise<WriteAnswer> {
    const record = await parseOne(answer, context)
    if (record) return { kind: 'done', record }
    if (id !== null) return { kind: 'done', record: await readFresh(id, context) }
    return { kind: 'uncertain', message: 'PowerOffice answered a creation without the record: it is looked up again.' }
  }

  return {
    hasUniqueReference: entity.findsBy.kind === 'reference',
    canCreate: true,
    canUpdate: true,
    hasChangeFeed: false,

    startCursor: async (context) => cursorAt(await options.serverTimeMs(context), entity.changes),

    listAll,

    listChanges: async (cursor, context) => {
      const watermarks = decodeCursor(cursor)
      const changed = await Promise.all(
        entity.changes.map((filter) => readChanged(lists, filter, watermarkOf(watermarks, filter), context)),
      )
      const rows = inChangeOrder(changed, (row) => idOrStandIn(row['Id'], row))
      const next = Object.fromEntries(
        entity.changes.map(({ watermark }, index) => [watermark, changed[index]?.next ?? '']),
      )
      return {
        records: await parseRows(rows, context, 'some'),
        next: encodeCursor(next),
        hasMore: false,
        restarted: false,
      }
    },

    ...(entity.isReadByList ? {} : { readsByListAbove: fewIds }),
    readMany,

    findByCounterpart: async (counterpartId, context, body) => {
      const { findsBy } = entity
      if (findsBy.kind === 'naturalKey') {
        const key = textOf(body[findsBy.property])
        return key === null ? [] : findCarriers(findsBy.property, findsBy.filter, key, context)
      }
      const asked = creations.map((creation) => references.write({ id: counterpartId, creation }))
      const found = await Promise.all(
        asked.map((reference) => findCarriers('ExternalImportReference', findsBy.filter, reference, context)),
      )
      return [...new Map(found.flat().map((record) => [record.id, record])).values()]
    },

    prepareCreate: (values, counterpart) => entity.prepareCreate(values, counterpart),
    prepareUpdate: (current, values, flags) => entity.prepareUpdate(current, values, flags),

    create: async (body, _counterpart, context) => {
      const headers = { 'content-type': 'application/json' }
      const answer = await client.write(
        { method: 'POST', path: entity.path, headers, body: JSON.stringify(body) },
        context,
      )
      if (answer.kind === 'uncertain') return answer
      // 200 and 201 both come.
      if (answer.status < 300) return answerOfWrite(answer, null, context)
      const problem = parseProblem(answer.status, answer.json)
      const taken = findReferenceTaken(problem)
      if (taken) return { kind: 'taken', byReference: true, existingId: taken.existingId, ...problem }
      return { kind: 'refused', status: answer.status, ...problem }
    },

    update: async (current, body, _counterpartId, context) => {
      // Nothing to write: PowerOffice names its counterpart when it is created and never later (rule 12).
      if (Object.keys(body).length === 0) return { kind: 'done', record: current }
      const path = `${entity.path}/${encodeURIComponent(current.id)}`
      const readNow = async () => {
        const now = await readFresh(current.id, context)
        return now.kind === 'record' ? now.raw : now.kind
      }
      const request = { path, label: recordLabel, current: current.raw, body, readNow }
      const patched = await patchRecord({ client, tests }, request, context)
      return patched.kind === 'patched' ? answerOfWrite(patched.answer, current.id, context) : patched
    },
  }
}

export function propertyGone(path: string, property: string): string {
  return `PowerOffice answers ${path} without the property ${property} on any row: nothing is read as cleared for it; the interface has changed and the developer must look.`
}
