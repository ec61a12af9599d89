import type { FlowDefinition } from '../../flows/flow-definition.ts'
import type { JsonObject, ParsedRecord, Prepared, RequestContext } from '../connector.ts'
import type { Row } from '../http/absent-property.ts'
import type { ChangeFilter } from './change-watermarks.ts'
import type { DocumentedNames } from './documented-names.ts'

/** What one collection of PowerOffice has of its own; everything else is the same for all (entity-collection.ts). */
export interface PowerOfficeEntity {
  /** Its `erp` paths are what the list's own rows carry: a composed property is named by what it is made of. */
  readonly definition: FlowDefinition
  readonly path: string
  /** Every property that is asked for and kept. Whatever is not here never enters the program. */
  readonly names: DocumentedNames
  /** The first one's time is the record's change time. */
  readonly changes: readonly [ChangeFilter, ...ChangeFilter[]]
  /** What an earlier attempt to create a record left to find it by. */
  readonly findsBy:
    | { readonly kind: 'reference'; readonly filter: string }
    /** PowerOffice has no reference field for these: their natural key, which need not be unique. */
    | { readonly kind: 'naturalKey'; readonly filter: string; readonly property: string }
  /** Few records, whose GET by id declares no answer: the list is read instead. */
  readonly isReadByList?: boolean
  /** How rows of one answer become records, once whatever they refer to has been read. `whole`: all there are. */
  parserFor(rows: readonly Row[], context: RequestContext, scope: 'whole' | 'some'): Promise<(row: Row) => ParsedRecord>
  prepareCreate(values: JsonObject, counterpart: { readonly id: string; readonly creation: number }): Prepared
  prepareUpdate(current: JsonObject, values: JsonObject, flags: string): Prepared
}
