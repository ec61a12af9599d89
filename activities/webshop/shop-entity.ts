import type { FlowDefinition } from '../../flows/flow-definition.ts'
import type { JsonObject, NewItem, ParsedRecord, Prepared, RequestContext } from '../connector.ts'
import { findAbsentProperty, type Row } from '../http/absent-property.ts'
import type { Capabilities } from './capabilities.ts'

/** What one collection of the shop has of its own; everything else is the same for all (shop-collection.ts). */
export interface ShopEntity {
  readonly definition: FlowDefinition
  readonly path: string
  offers(capabilities: Capabilities): { readonly create: boolean; readonly update: boolean }
  /** A sentence when the shop does not have the collection at all. */
  notOffered(capabilities: Capabilities): string | null
  /** What this edit would need and the shop does not offer, beyond `offers`; a sentence. */
  refusedEdit?(body: JsonObject, capabilities: Capabilities): string | null
  /** @param etag of a single answer, for shops that give the version there only */
  parse(item: Row, etag: string | null): ParsedRecord
  /** A property that the flow reads and these rows do not carry: nothing may be read as cleared for it (E16). */
  findSchemaFault(rows: readonly Row[]): SchemaFault | undefined
  /** What a record needs from elsewhere before others see it. */
  complete?(records: readonly ParsedRecord[], context: RequestContext): Promise<ParsedRecord[]>
  prepareCreate(
    values: JsonObject,
    counterpartId: string,
    capabilities: Capabilities | null,
    items: readonly NewItem[],
  ): Prepared
  prepareUpdate(current: JsonObject, values: JsonObject, flags: string, capabilities: Capabilities | null): Prepared
}

export interface SchemaFault {
  readonly property: string
  /** Follows the property in a sentence: `on any record`. */
  readonly where: string
}

/** A mapped property that no row carries. Rows that another flow reads are no evidence of what this one's carry. */
export function absentFrom(definition: FlowDefinition, ownRows: readonly Row[]): SchemaFault | undefined {
  const property = findAbsentProperty(definition, 'shop', ownRows)
  return property === undefined ? undefined : { property, where: 'on any record' }
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
