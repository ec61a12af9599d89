import type { FlowDefinition } from '../../flows/flow-definition.ts'
import type { JsonObject, ParsedRecord, Prepared } from '../connector.ts'
import type { Row } from '../http/absent-property.ts'
import type { DocumentedNames } from './documented-names.ts'

/** What one collection of PowerOffice has of its own; everything else is the same for all (entity-collection.ts). */
export interface PowerOfficeEntity {
  readonly definition: FlowDefinition
  readonly path: string
  /** Every property that is asked for and kept. Whatever is not here never enters the program. */
  readonly names: DocumentedNames
  readonly changedAtProperty: string
  readonly changedAfterFilter: string
  readonly referenceFilter: string
  /** @param row in documented spelling */
  parse(row: Row): ParsedRecord
  prepareCreate(values: JsonObject, counterpart: { readonly id: string; readonly creation: number }): Prepared
  prepareUpdate(current: JsonObject, values: JsonObject, flags: string): Prepared
}
