import { z } from 'zod'
import type { Collection, ParsedRecord, RequestContext, WriteAnswer } from '../connector.ts'
import { findAbsentProperty, type Row } from '../http/absent-property.ts'
import { contractChanged } from '../http/answer-meaning.ts'
import { mapInChunks } from '../http/event-loop.ts'
import type { HttpAnswer } from '../http/exchange.ts'
import type { HttpClient } from '../http/http-client.ts'
import { VendorTrouble } from '../vendor-trouble.ts'
import { withDocumentedNames } from './documented-names.ts'
import type { PowerOfficeEntity } from './entity.ts'
import { createListReader } from './list-pages.ts'
import { hasChangedSinceRead, type Patch, type PatchTests, patchOf } from './patch.ts'
import type { References } from './reference.ts'
import { powerOffice } from './system-names.ts'
import { formatTicks, parseTicks, ticksOfMs } from './timestamp.ts'
import { findReferenceTaken, parseProblem } from './vendor-problem.ts'

/** Rows may become visible after a later watermark was read, and addresses are found by the sweep only. */
export const overlapMs = 60_000
const overlapTicks = ticksOfMs(overlapMs)
/** Above this, one list of everything costs fewer requests than a reading each. */
const fewIds = 8
/** Ids that the list did not show and that are asked for by themselves. */
const maxVerified = 20
/** A record is created anew at most this often before a person looks. */
const creations = [1, 2, 3]

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

  async function parseRows(rows: readonly Row[], context: RequestContext, onChunk?: (done: number) => void) {
    const absent = findAbsentProperty(entity.definition, 'erp', rows)
    if (absent !== undefined) throw new VendorTrouble(contractChanged(powerOffice, propertyGone(entity, absent)))
    return mapInChunks(rows, entity.parse, context.signal, onChunk)
  }

  function parseOne(answer: HttpAnswer): ParsedRecord | null {
    const row = withDocumentedNames(answer.json, entity.names)
    return row && Object.keys(row).length > 0 ? entity.parse(row) : null
  }

  async function readOne(id: string, context: RequestContext): Promise<ParsedRecord> {
    const path = `${entity.path}/${encodeURIComponent(id)}`
    const answer = await client.read({ path, label: recordLabel }, context)
    if (answer.status === 404 || answer.status === 410) return { kind: 'missing', id, tombstone: false }
    const record = answer.status < 400 ? parseOne(answer) : null
    if (!record || (record.kind === 'record' && record.id !== id)) {
      const message = `PowerOffice answered GET ${recordLabel} (status ${answer.status}) with something other than the record asked for: check POWEROFFICE_BASE_URL; if it is right, the developer must look.`
      throw new VendorTrouble(contractChanged(powerOffice, message))
    }
    return record
  }

  async function listAll(context: RequestContext, onPage?: (recordsSoFar: number) => void): Promise<ParsedRecord[]> {
    const { rows } = await lists.readAll([], context, onPage)
    return parseRows(rows, context, onPage)
  }

  async function findByReference(reference: string, context: RequestContext): Promise<ParsedRecord[]> {
    const { rows } = await lists.readAll([[entity.referenceFilter, reference]], context)
    // The filter may be ignored: only rows that really carry the reference count.
    const carriers = rows.filter((row) => row['ExternalImportReference'] === reference)
    return mapInChunks(carriers, entity.parse, context.signal)
  }

  async function answerOfWrite(answer: HttpAnswer, id: string | null, context: RequestContext): Promise<WriteAnswer> {
    const record = parseOne(answer)
    if (record) return { kind: 'done', record }
    if (id !== null) return { kind: 'done', record: await readOne(id, context) }
    return {
      kind: 'uncertain',
      message: 'PowerOffice answered a creation without the record: it is looked up by its reference.',
    }
  }

  return {
    hasUniqueReference: true,
    canCreate: true,
    canUpdate: true,
    hasChangeFeed: false,

    startCursor: async (context) =>
      encodeCursor(formatTicks(ticksOfMs(await options.serverTimeMs(context)) - overlapTicks)),

    listAll,

    listChanges: async (cursor, context) => {
      const watermark = decodeCursor(cursor)
      const since = ticksOfWatermark(watermark)
      const asked = since - overlapTicks
      const { rows, dateMs } = await lists.readAll([[entity.changedAfterFilter, formatTicks(asked)]], context)
      const dated = rows
        .map((row) => ({ row, raw: changedAtOf(row, entity), ticks: parseTicks(changedAtOf(row, entity) ?? '') }))
        // A filter that is ignored answers everything.
        .filter(({ ticks }) => ticks === null || ticks > asked)
        .toSorted(byChange)
      const records = await parseRows(
        dated.map(({ row }) => row),
        context,
      )
      const latest = dated.findLast(({ ticks }) => ticks !== null)
      return {
        records,
        next: encodeCursor(nextWatermark(watermark, since, latest, dateMs)),
        hasMore: false,
        restarted: false,
      }
    },

    readMany: async (ids, context) => {
      const found = new Map<string, ParsedRecord>()
      const wanted = [...new Set(ids)]
      if (wanted.length > fewIds) {
        const asked = new Set(wanted)
        for (const record of await listAll(context)) if (asked.has(record.id)) found.set(record.id, record)
      }
      const rest = wanted.filter((id) => !found.has(id))
      const isVerified = wanted.length <= fewIds || rest.length <= maxVerified
      const verified = isVerified ? await Promise.all(rest.map((id) => readOne(id, context))) : []
      for (const [index, id] of rest.entries()) {
        found.set(id, verified[index] ?? { kind: 'missing', id, tombstone: false })
      }
      return found
    },

    findByCounterpart: async (counterpartId, context) => {
      const asked = creations.map((creation) => references.write({ id: counterpartId, creation }))
      const found = await Promise.all(asked.map((reference) => findByReference(reference, context)))
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
      const headers = { 'content-type': 'application/json-patch+json' }
      const send = (patch: Patch) =>
        client.write(
          { method: 'PATCH', path, label: recordLabel, headers, body: JSON.stringify(patch.operations) },
          context,
        )
      const patch = patchOf(current.raw, body, tests.areSent())
      let answer = await send(patch)
      // What a failed test says is not documented, so the record itself is asked whether it is as it was.
      if (answer.kind !== 'uncertain' && answer.status === 400 && patch.tested.length > 0) {
        const now = await readOne(current.id, context)
        if (now.kind === 'missing') return { kind: 'missing' }
        if (now.kind !== 'record' || hasChangedSinceRead(current.raw, now.raw, patch.tested)) return { kind: 'stale' }
        answer = await send(patchOf(current.raw, body, false))
        if (answer.kind !== 'uncertain' && answer.status < 300) tests.stopSending()
      }
      if (answer.kind === 'uncertain') return answer
      if (answer.status < 300) return answerOfWrite(answer, current.id, context)
      if (answer.status === 404 || answer.status === 410) return { kind: 'missing' }
      return { kind: 'refused', status: answer.status, ...parseProblem(answer.status, answer.json) }
    },
  }
}

const cursorSchema = z.object({ watermark: z.string() })

function encodeCursor(watermark: string): string {
  return JSON.stringify({ watermark })
}

/** @throws Error for what encodeCursor did not write: cursors are ours and come back as they were */
function decodeCursor(cursor: string): string {
  return cursorSchema.parse(JSON.parse(cursor)).watermark
}

function ticksOfWatermark(watermark: string): bigint {
  const ticks = parseTicks(watermark)
  if (ticks === null) throw new Error('the cursor holds no time: it was not written by this connector')
  return ticks
}

interface Dated {
  readonly row: Row
  readonly raw: string | null
  readonly ticks: bigint | null
}

/** By time, then by id, so that two readings of the same rows agree. Rows without a time come last: nothing waits for them. */
function byChange(a: Dated, b: Dated): number {
  if (a.ticks === null || b.ticks === null) return Number(a.ticks === null) - Number(b.ticks === null)
  if (a.ticks !== b.ticks) return a.ticks < b.ticks ? -1 : 1
  return Number(a.row['Id']) - Number(b.row['Id'])
}

/** The newest change in the vendor's own spelling; without news the server's time minus the overlap. Never backwards. */
function nextWatermark(watermark: string, since: bigint, latest: Dated | undefined, dateMs: number | null): string {
  if (latest?.ticks && latest.raw !== null && latest.ticks > since) return latest.raw
  if (dateMs === null) return watermark
  const idle = ticksOfMs(dateMs) - overlapTicks
  return idle > since ? formatTicks(idle) : watermark
}

function changedAtOf(row: Row, entity: PowerOfficeEntity): string | null {
  const value = row[entity.changedAtProperty]
  return typeof value === 'string' ? value : null
}

function propertyGone(entity: PowerOfficeEntity, property: string): string {
  return `PowerOffice answers ${entity.path} without the property ${property} on any row: nothing is read as cleared for it; the interface has changed and the developer must look.`
}
