import type { FlowDefinition } from '../../flows/flow-definition.ts'
import type { JsonObject, ParsedRecord, Prepared } from '../connector.ts'
import type { Row } from '../http/absent-property.ts'
import type { Capabilities } from './capabilities.ts'

/** What one collection of the shop has of its own; everything else is the same for all (shop-collection.ts). */
export interface ShopEntity {
  readonly definition: FlowDefinition
  readonly path: string
  offers(capabilities: Capabilities): { readonly create: boolean; readonly update: boolean }
  /** @param etag of a single answer, for shops that give the version there only */
  parse(item: Row, etag: string | null): ParsedRecord
  /** Rows that another flow reads are no evidence of what this one's rows carry. */
  isOwn(item: Row): boolean
  prepareCreate(values: JsonObject, counterpartId: string, capabilities: Capabilities | null): Prepared
  prepareUpdate(current: JsonObject, values: JsonObject, flags: string, capabilities: Capabilities | null): Prepared
}

/** `erpId`: `customer:<PowerOffice id>` (rule 12). */
export function erpReference(definition: FlowDefinition, erpId: string): string {
  return `${definition.recordName}:${erpId}`
}

/** The PowerOffice id, null for none and for what is not ours. */
export function parseErpReference(definition: FlowDefinition, reference: string | null): string | null {
  const start = `${definition.recordName}:`
  const id = reference?.startsWith(start) ? reference.slice(start.length) : ''
  return /^[A-Za-z0-9-]{1,40}$/.test(id) ? id : null
}
