import type { Client } from '@temporalio/client'
import type { Directory, ShardEntry } from '../../flows/directory.ts'
import { generationOf, shardFor, shardWorkflowId } from '../../flows/directory.ts'
import { countsOf, type LinkCounts, newestCounts } from '../../flows/link-counts.ts'
import type { LookupAsk, LookupResult, PutAnswer, PutItem, PutResult } from '../../flows/memory.ts'
import type { FlowAddress } from '../../flows/port.ts'
import { type Row, rowKey } from '../../flows/row.ts'
import { decodeRow, type EncodedRow } from '../../flows/row-codec.ts'
import { idOf, type RecordKey, recordKey, sideOf } from '../../flows/side.ts'
import { VendorTrouble } from '../vendor-trouble.ts'
import { askLeaf } from './ask-leaf.ts'

/** Rows in one update: some 40 KB, far from every limit, and short enough for the leaf's one thread. */
const PUT_ROWS = 300
/** Characters in one update, of what is expected and what is put: a payload has at most 2 MiB, and a list of 1,000 lines some 100 KB. */
const PUT_CHARACTERS = 800_000
/** Rows in one page of a whole-memory read. */
const PAGE_ROWS = 2_000
export interface Memory {
  /** Every row that speaks of the given records: by PowerOffice id, by webshop id, and pairs set apart. */
  lookup(address: FlowAddress, directory: Directory, keys: readonly RecordKey[], signal: AbortSignal): Promise<Row[]>
  /** Compare-and-set of whole rows, what is written before what is removed, else in the order given; answers in that order (E5). */
  put(address: FlowAddress, directory: Directory, items: readonly PutItem[], signal: AbortSignal): Promise<PutReport>
  /** Every row of a flow, leaf by leaf. */
  eachRow(address: FlowAddress, directory: Directory, visit: (row: Row) => void, signal: AbortSignal): Promise<void>
  /** The directory with every leaf that was split off since it was written down. */
  discover(address: FlowAddress, directory: Directory, signal: AbortSignal): Promise<Directory>
}

/** With the linked rows a leaf, as of this put: exact, whatever answers were lost before. */
export interface PutReport extends LinkCounts {
  readonly answers: readonly PutAnswer[]
  readonly wantSplit: readonly number[]
}

/**
 * The link memory as activities see it. "No answer" is never read as "no link": a leaf that is closed, unknown or stuck
 * is memory unavailable, and the flow says so (E6).
 * @param client its own connection, with `queryRejectCondition: 'NOT_OPEN'`: a closed run would answer queries otherwise
 */
export function createMemory(client: Client): Memory {
  /** Leaves that answers told us of, so that `moved` is followed once (E7). */
  const learned = new Map<string, ShardEntry[]>()
  /** A process never asks a leaf while its own put is under way there: the leaf has one thread (E8). */
  const queues = new Map<string, Promise<unknown>>()

  const memory: Memory = { lookup, put, eachRow, discover }
  return memory

  async function lookup(
    address: FlowAddress,
    directory: Directory,
    keys: readonly RecordKey[],
    signal: AbortSignal,
  ): Promise<Row[]> {
    const rows = new Map<RecordKey, EncodedRow>()
    const asked = new Set<string>()
    const erpKeys = keys.filter((key) => sideOf(key) === 'erp')
    const shopIds = keys.filter((key) => sideOf(key) === 'shop').map(idOf)
    // Answers may name leaves that were split off meanwhile: asked until nothing is new.
    for (;;) {
      const known = withLearned(address, directory)
      const asks = asksFor(known, erpKeys, shopIds).filter(({ shard, ask }) => !asked.has(askIdentity(shard, ask)))
      if (asks.length === 0) break
      await Promise.all(
        asks.map(async ({ shard, ask }) => {
          asked.add(askIdentity(shard, ask))
          const answer = await request<LookupResult>(
            address,
            shard,
            (id) => reading(signal, () => client.workflow.getHandle(id).query('lookup', ask)),
            signal,
          )
          for (const text of answer.rows) rows.set(rowKey(decodeRow(text)), text)
          learn(address, known, shard, answer.moved)
        }),
      )
    }
    const found = [...rows.values()].map(decodeRow)
    return withCounterparts(address, directory, found, keys, signal)
  }

  /** A webshop id may lead to a linked row whose PowerOffice id has pairs set apart: rarely asked, so asked again. */
  async function withCounterparts(
    address: FlowAddress,
    directory: Directory,
    found: Row[],
    keys: readonly RecordKey[],
    signal: AbortSignal,
  ): Promise<Row[]> {
    const asked = new Set(keys)
    const more = found.flatMap((row) =>
      row.kind === 'linked' && !asked.has(recordKey('erp', row.erpId)) ? [recordKey('erp', row.erpId)] : [],
    )
    if (more.length === 0 || !found.some((row) => row.kind === 'apart')) return found
    const extra = await lookup(address, directory, more, signal)
    return [...new Map([...found, ...extra].map((row) => [rowKey(row), row])).values()]
  }

  async function put(
    address: FlowAddress,
    directory: Directory,
    items: readonly PutItem[],
    signal: AbortSignal,
  ): Promise<PutReport> {
    const answers: (PutAnswer | undefined)[] = items.map(() => undefined)
    const wantSplit = new Set<number>()
    let counts: LinkCounts = { linked: {} }
    for (;;) {
      const known = withLearned(address, directory)
      const unanswered = items.flatMap((item, index) => (answers[index] === undefined ? [{ item, index }] : []))
      if (unanswered.length === 0) break
      // Two leaves are two updates, and a process may die between them: what a removed row knew stands in its successor by
      // then (a create under way in the link that came of it), never nowhere.
      const written = unanswered.filter(({ item }) => item.row !== null)
      const removed = unanswered.filter(({ item }) => item.row === null)
      const isOneLeaf = new Set(unanswered.map(({ item }) => shardOf(known, item.key).number)).size === 1
      const open = isOneLeaf || written.length === 0 ? [...written, ...removed] : written
      const byShard = new Map<number, { item: PutItem; index: number }[]>()
      for (const entry of open) {
        const shard = shardOf(known, entry.item.key).number
        byShard.set(shard, [...(byShard.get(shard) ?? []), entry])
      }
      await Promise.all(
        [...byShard].map(async ([shard, entries]) => {
          for (const part of partsOf(entries)) {
            const result = await request<PutResult>(
              address,
              shard,
              (id) =>
                client.workflow
                  .getHandle(id)
                  .executeUpdate<PutResult, [PutItem[]]>('put1', { args: [part.map((entry) => entry.item)] }),
              signal,
            )
            counts = newestCounts(counts, countsOf(shard, result))
            if (result.wantsSplit) wantSplit.add(shard)
            for (const [at, answer] of result.answers.entries()) {
              const entry = part[at]
              if (!entry) continue
              if (answer.kind === 'moved') learn(address, known, shard, [answer])
              else answers[entry.index] = answer
            }
          }
        }),
      )
    }
    return { answers: answers as PutAnswer[], wantSplit: [...wantSplit], ...counts }
  }

  async function eachRow(
    address: FlowAddress,
    directory: Directory,
    visit: (row: Row) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const complete = await discover(address, directory, signal)
    for (const shard of complete.shards) {
      let afterKey: string | null = null
      for (;;) {
        const rows: readonly EncodedRow[] = await request(
          address,
          shard.number,
          (id) => reading(signal, () => client.workflow.getHandle(id).query('rows', { afterKey, limit: PAGE_ROWS })),
          signal,
        )
        for (const text of rows) visit(decodeRow(text))
        const last = rows.at(-1)
        if (rows.length < PAGE_ROWS || last === undefined) break
        afterKey = rowKey(decodeRow(last))
      }
    }
  }

  async function discover(address: FlowAddress, directory: Directory, signal: AbortSignal): Promise<Directory> {
    const asked = new Set<number>()
    for (;;) {
      const known = withLearned(address, directory)
      const next = known.shards.filter((shard) => !asked.has(shard.number))
      if (next.length === 0) return known
      for (const shard of next) {
        asked.add(shard.number)
        const answer = await request<LookupResult>(
          address,
          shard.number,
          (id) => reading(signal, () => client.workflow.getHandle(id).query('lookup', { keys: [], shopIds: [] })),
          signal,
        )
        learn(address, known, shard.number, answer.moved)
      }
    }
  }

  /**
   * A question ends with the activity that asks it: a worker that shuts down no longer answers its own leaves. A put is
   * waited for, since its records are written already.
   */
  function reading<T>(signal: AbortSignal, question: () => Promise<T>): Promise<T> {
    return client.withAbortSignal(signal, question)
  }

  function withLearned(address: FlowAddress, directory: Directory): Directory {
    const more = (learned.get(flowKey(address)) ?? []).filter(
      (entry) =>
        // Leaves of a memory that was given up and rebuilt meanwhile hold nothing any more.
        generationOf(entry.number) === directory.generation &&
        !directory.shards.some((shard) => shard.number === entry.number),
    )
    return more.length === 0 ? directory : { ...directory, shards: [...directory.shards, ...more] }
  }

  function learn(
    address: FlowAddress,
    known: Directory,
    from: number,
    moved: readonly { low: string; shard: number }[],
  ): void {
    const side = known.shards.find((entry) => entry.number === from)?.side ?? 'erp'
    for (const { low, shard } of moved) {
      const entries = learned.get(flowKey(address)) ?? []
      if (!entries.some((entry) => entry.number === shard))
        learned.set(flowKey(address), [...entries, { side, low, number: shard }])
    }
  }

  function flowKey(address: FlowAddress): string {
    return `${address.connection}.${address.flow}`
  }

  /** One question to one leaf, in line behind this process's own traffic there; asked again while it is merely busy. */
  async function request<T>(
    address: FlowAddress,
    shard: number,
    ask: (workflowId: string) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T> {
    const workflowId = shardWorkflowId(address.connection, address.flow, shard)
    const before = queues.get(workflowId) ?? Promise.resolve()
    const run = before.then(
      () => askLeaf(client, workflowId, () => ask(workflowId), signal),
      () => askLeaf(client, workflowId, () => ask(workflowId), signal),
    )
    queues.set(
      workflowId,
      run.catch(() => undefined),
    )
    return run
  }
}

/** In the order given, each as large as one update may be; a row that is larger by itself goes alone. */
function partsOf<T extends { readonly item: PutItem }>(entries: readonly T[]): T[][] {
  const parts: T[][] = []
  let characters = 0
  for (const entry of entries) {
    const own = (entry.item.expect?.length ?? 0) + (entry.item.row?.length ?? 0)
    const part = parts.at(-1)
    if (part && part.length < PUT_ROWS && characters + own <= PUT_CHARACTERS) {
      part.push(entry)
      characters += own
    } else {
      parts.push([entry])
      characters = own
    }
  }
  return parts
}

function askIdentity(shard: number, ask: LookupAsk): string {
  return `${shard}|${ask.keys.length}|${ask.shopIds.length}`
}

function asksFor(
  directory: Directory,
  erpKeys: readonly RecordKey[],
  shopIds: readonly string[],
): { shard: number; ask: LookupAsk }[] {
  const byShard = new Map<number, RecordKey[]>()
  for (const key of [...erpKeys, ...shopIds.map((id) => recordKey('shop', id))]) {
    const shard = shardOf(directory, key).number
    byShard.set(shard, [...(byShard.get(shard) ?? []), key])
  }
  // A webshop id says nothing about which leaf holds its linked row: every leaf of PowerOffice ids is asked (E4).
  return directory.shards
    .map((shard) => ({
      shard: shard.number,
      ask: { keys: byShard.get(shard.number) ?? [], shopIds: shard.side === 'erp' ? shopIds : [] },
    }))
    .filter(({ ask }) => ask.keys.length + ask.shopIds.length > 0)
}

function shardOf(directory: Directory, key: RecordKey): ShardEntry {
  const id = idOf(key).split('/')[0] ?? ''
  const shard = shardFor(directory, sideOf(key), id)
  if (!shard)
    throw new VendorTrouble({
      type: 'MemoryUnavailable',
      where: 'memory',
      message: 'The link memory has not been started; the flow starts it first.',
    })
  return shard
}
