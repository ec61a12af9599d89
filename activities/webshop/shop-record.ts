import { z } from 'zod'
import type { FlowDefinition } from '../../flows/flow-definition.ts'
import type { JsonObject, ParsedRecord } from '../connector.ts'
import type { Row } from '../http/absent-property.ts'
import { idOrStandIn, unreadableOf } from '../http/unreadable.ts'
import { parseErpReference } from './shop-entity.ts'
import { id, text } from './shop-values.ts'

/** What every record of every collection carries. */
export const recordHead = z.object({ id, version: text, changedAt: text, erpId: text })

type Head = z.output<typeof recordHead>

const tombstoneSchema = z.object({ id, deleted: z.literal(true) })

export function isTombstone(item: Row): boolean {
  return item['deleted'] === true
}

/** What one row of a list is: a deletion, a record, or something that does not parse. */
export function parseRow<Fields extends Head>(
  item: Row,
  schema: z.ZodType<Fields>,
  recordOf: (fields: Fields) => ParsedRecord,
): ParsedRecord {
  const parsed = isTombstone(item) ? tombstoneSchema.safeParse(item) : schema.safeParse(item)
  if (!parsed.success) return unreadableOf(idOrStandIn(item['id'], item), parsed.error, item)
  if ('deleted' in parsed.data) return { kind: 'missing', id: parsed.data.id, tombstone: true }
  return recordOf(parsed.data)
}

/** @param etag of a single answer, for shops that give the version there only */
export function presentRecord(
  definition: FlowDefinition,
  head: Head,
  raw: JsonObject,
  rest: { readonly etag: string | null; readonly outOfScope: string | null },
): ParsedRecord & { kind: 'record' } {
  return {
    kind: 'record',
    id: head.id,
    raw: { ...raw, erpId: head.erpId },
    version: head.version ?? rest.etag,
    changedAt: head.changedAt,
    groupChangedAt: {},
    reference: parseErpReference(definition, head.erpId),
    outOfScope: rest.outOfScope,
  }
}

/** A customer of a kind that another flow carries: out of scope, whatever else it holds. */
export function parseOtherKind(item: Row, etag: string | null): ParsedRecord {
  return parseRow(item, recordHead, ({ id: recordId, version, changedAt, erpId }) => ({
    kind: 'record',
    id: recordId,
    raw: { kind: String(item['kind']), erpId },
    version: version ?? etag,
    changedAt,
    groupChangedAt: {},
    reference: null,
    outOfScope: 'otherKind',
  }))
}
