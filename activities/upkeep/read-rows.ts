import type { Client } from '@temporalio/client'
import { type Directory, shardWorkflowId } from '../../flows/directory.ts'
import type { FlowAddress } from '../../flows/port.ts'
import { type Row, rowKey } from '../../flows/row.ts'
import { decodeRow, type EncodedRow } from '../../flows/row-codec.ts'
import type { RecordKey } from '../../flows/side.ts'

export interface StoredRow {
  readonly row: Row
  /** The text as the memory stores it: what compare-and-set compares, and what an export must keep. */
  readonly encoded: EncodedRow
}

/** At some 100 bytes a row a page stays far below the 2 MiB that a query may answer. */
const rowsPerQuery = 2000
const answerWithinMs = 15_000

/**
 * Every row of a flow's memory, each once, leaf by leaf. A leaf that splits meanwhile hands its upper rows to a new one:
 * leaves that appeared while reading are read too, and what was seen before is left out.
 * @throws what the server answers for a leaf that is closed, unknown or silent
 */
export async function* readRows(
  client: Client,
  address: FlowAddress,
  readDirectory: () => Promise<Directory>,
): AsyncGenerator<StoredRow> {
  const read = new Set<number>()
  const seen = new Set<RecordKey>()
  for (;;) {
    const { shards } = await readDirectory()
    const unread = shards.filter((shard) => !read.has(shard.number))
    if (unread.length === 0) return
    for (const shard of unread) {
      read.add(shard.number)
      for await (const stored of readLeaf(client, shardWorkflowId(address.connection, address.flow, shard.number))) {
        const key = rowKey(stored.row)
        if (seen.has(key)) continue
        seen.add(key)
        yield stored
      }
    }
  }
}

async function* readLeaf(client: Client, workflowId: string): AsyncGenerator<StoredRow> {
  const handle = client.workflow.getHandle(workflowId)
  for (let afterKey: RecordKey | null = null; ; ) {
    const page = { afterKey, limit: rowsPerQuery }
    const rows: readonly string[] = await client.connection.withDeadline(Date.now() + answerWithinMs, () =>
      handle.query<readonly string[], [typeof page]>('rows', page),
    )
    for (const encoded of rows) {
      const row = decodeRow(encoded)
      afterKey = rowKey(row)
      yield { row, encoded }
    }
    if (rows.length < rowsPerQuery) return
  }
}
