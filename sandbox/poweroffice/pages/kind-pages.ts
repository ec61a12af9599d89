import type { Field, Given } from '../../pages/field.ts'
import { shownTime } from '../../pages/frame.ts'
import type { RecordPages } from '../../pages/record-pages.ts'
import { type EntityKind, type RecordDto, storeOf } from '../entity-kind.ts'
import type { SandboxState } from '../sandbox-state.ts'
import type { JsonObject } from '../schema.ts'
import { createRecord, deleteRecord, editRecord } from '../write-record.ts'
import { bodyOf, describedFields } from './described-fields.ts'
import { recordAt, shownValues } from './lookups.ts'

type Own<Dto> = Pick<RecordPages<Dto>, 'path' | 'title' | 'singular' | 'plural' | 'list' | 'nameOf'> &
  Partial<Pick<RecordPages<Dto>, 'begin' | 'buttons' | 'below'>>

interface KindPages<Dto> extends Own<Dto> {
  /** Asked for every page: they hold the lists that people choose from. */
  readonly fields: () => readonly Field[]
  readonly facts?: RecordPages<Dto>['facts']
  /** The POST's body where it is not just what was given, and what its address says. */
  readonly creation?: (body: JsonObject) => { readonly body: JsonObject; readonly given?: JsonObject }
  /** The changes where they are not just what was given. */
  readonly edition?: (changes: JsonObject, record: Dto) => JsonObject
}

interface TimedDto extends RecordDto {
  readonly LastChangedDateTimeOffset: string
}

/** Pages for any entity of entity-kinds.ts, writing as a bookkeeper does: the API's rules, none of its keys, limits or counts. */
export function kindPages<Dto extends TimedDto>(
  state: SandboxState,
  kind: EntityKind<Dto>,
  { fields, facts, creation, edition, ...own }: KindPages<Dto>,
): RecordPages<Dto> {
  const described = () => describedFields(kind.postSchema, fields())
  const get = (id: string) => recordAt(storeOf(state, kind), kind.noun, id)
  return {
    ...own,
    get,
    facts: (record) => [
      ['Id', record.Id],
      ...(facts?.(record) ?? []),
      ['Changed', shownTime(record.LastChangedDateTimeOffset)],
    ],
    fields: described,
    values: (record) => shownValues(described(), record),
    create: (given: Given) => {
      const { body, given: ofAddress } = creation?.(bodyOf(kind.postSchema, given)) ?? {
        body: bodyOf(kind.postSchema, given),
      }
      return String(createRecord(state, kind, body, ofAddress).Id)
    },
    change: (_, given, record) => {
      const changes = bodyOf(kind.postSchema, given)
      editRecord(state, kind, record.Id, edition?.(changes, record) ?? changes)
    },
    remove: (id) => deleteRecord(state, kind, get(id).Id),
  }
}

export const latestFirst = 'changed DESC, id DESC'
