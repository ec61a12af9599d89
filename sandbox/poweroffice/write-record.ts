import { isDeepStrictEqual } from 'node:util'
import { type EntityKind, type RecordDto, refusalOf, storeOf } from './entity-kind.ts'
import { isInUse, markInUse } from './in-use.ts'
import { applyJsonPatch, type JsonPatchForm } from './json-patch.ts'
import { notFound, Problem } from './problem.ts'
import { type EntityName, entityNames, type Findable } from './references.ts'
import { rememberedReads } from './remembered-reads.ts'
import type { SandboxState } from './sandbox-state.ts'
import { isJsonObject, type JsonObject, readDto, readValue } from './schema.ts'

// The writes of every entity. Each is all or nothing: a Problem leaves things as they were.

/** A body of POST. @param given properties that the address of the request says, such as ContactId */
export function createRecord<Dto extends RecordDto>(
  state: SandboxState,
  kind: EntityKind<Dto>,
  body: unknown,
  given: JsonObject = {},
): Dto {
  const sent = readDto(body, kind.postSchema, state.settings.current())
  return state.database.transaction(() => {
    const record = kind.build(state, { ...sent, ...given }, { now: state.clock.next(), origin: 'api' })
    kind.assertAllowed(state, record, 'all')
    return save(state, kind, record)
  })
}

/**
 * Many records in one transaction, as if they had always been there. Property names, types and references are checked, the
 * rules are not: a company's old data breaks them too. Takes the POST's properties and what the kind names besides.
 */
export function insertRecords<Dto extends RecordDto>(
  state: SandboxState,
  kind: EntityKind<Dto>,
  list: readonly unknown[],
): readonly JsonObject[] {
  const switches = state.settings.current()
  const bulkOnly = kind.bulkOnly ?? []
  const reading = withRememberedReferences(state, kind.name)
  return state.database.transaction(() => {
    const sharedTick = switches.equalTimestamps === 'on' ? state.clock.next() : null
    return list.map((entry) => {
      if (!isJsonObject(entry)) throw refusalOf(kind, 'Each entry must be an object.')
      const posted = { ...entry }
      for (const name of bulkOnly) delete posted[name]
      const sent = readDto(posted, kind.postSchema, switches)
      for (const name of bulkOnly) if (name in entry) sent[name] = entry[name]
      const now = sharedTick ?? state.clock.next()
      const stored = save(state, kind, kind.build(reading, sent, { now, origin: 'bulk' }))
      return Object.fromEntries(kind.identity.map((name) => [name, stored[name]]))
    })
  })
}

/** What new records point to does not change while they are inserted; only they do. */
function withRememberedReferences(state: SandboxState, inserted: EntityName): SandboxState {
  const remembered = entityNames
    .filter((name) => name !== inserted)
    .map((name) => [name, rememberedReads<Findable>(state[name])] as const)
  return { ...state, ...Object.fromEntries(remembered) }
}

/** PATCH with an RFC 6902 body. */
export function patchRecord<Dto extends RecordDto>(
  state: SandboxState,
  kind: EntityKind<Dto>,
  id: number,
  body: unknown,
): Dto {
  return state.database.transaction(() => {
    const current = existingRecord(state, kind, id)
    const before = viewOf(kind, current, patchableNames(kind))
    const after = applyJsonPatch(before, body, kind.patch, state.settings.current())
    kind.assertOperations?.(state, current, body)
    return storeChanges(state, kind, current, changedProperties(before, after))
  })
}

/** The same write without a patch document: somebody edits in the ERP's own screens. Of a nested object only what is named changes. */
export function editRecord<Dto extends RecordDto>(
  state: SandboxState,
  kind: EntityKind<Dto>,
  id: number,
  changes: JsonObject,
): Dto {
  return state.database.transaction(() => {
    const current = existingRecord(state, kind, id)
    const before = viewOf(kind, current, [...patchableNames(kind), ...(kind.editOnly ?? [])])
    const after: JsonObject = { ...before }
    for (const [name, value] of Object.entries(changes)) {
      if (!(name in before)) throw refusalOf(kind, `${name} cannot be edited here.`)
      const merges = isJsonObject(value) && isJsonObject(before[name])
      after[name] = merges ? { ...(before[name] as JsonObject), ...value } : value
    }
    return storeChanges(state, kind, current, changedProperties(before, after))
  })
}

export function existingRecord<Dto extends RecordDto>(state: SandboxState, kind: EntityKind<Dto>, id: number): Dto {
  const record = storeOf(state, kind).get(id)
  if (!record) throw notFound(`${kind.noun} with id = ${id} not found.`)
  return record
}

/** DELETE: hard, and without a trace: nothing in the API reports it (README.md). 409 while something points to the record. */
export function deleteRecord<Dto extends RecordDto>(state: SandboxState, kind: EntityKind<Dto>, id: number): void {
  state.database.transaction(() => {
    const record = existingRecord(state, kind, id)
    if (isInUse(state, kind.name, id) || kind.isFixed?.(state, record) === true) {
      throw new Problem(409, `${kind.noun} conflict`, `${kind.noun} with id = ${id} is in use and cannot be deleted.`)
    }
    removeRecord(state, kind, id)
  })
}

/** Away, whoever points to it; nothing happens when it is gone already. */
export function removeRecord<Dto extends RecordDto>(state: SandboxState, kind: EntityKind<Dto>, id: number): void {
  const record = storeOf(state, kind).get(id)
  if (!record) return
  state.database.transaction(() => {
    storeOf(state, kind).remove(id)
    markInUse(state.database, kind.name, id, { inUse: false })
    kind.afterRemove?.(state, record)
  })
}

/** There again as it was, under the id that it had: a deletion that somebody undid. */
export function restoreRecord<Dto extends RecordDto>(state: SandboxState, kind: EntityKind<Dto>, record: Dto): void {
  state.database.transaction(() => save(state, kind, record))
}

function save<Dto extends RecordDto>(state: SandboxState, kind: EntityKind<Dto>, record: Dto): Dto {
  const stored = kind.stored?.(record) ?? record
  storeOf(state, kind).save(stored, { lateMs: state.settings.current().lateVisibility })
  kind.afterSave?.(state, stored)
  return stored
}

function patchableNames<Dto extends RecordDto>(kind: EntityKind<Dto>): readonly string[] {
  return Object.keys(kind.patch.schema.properties ?? {})
}

function viewOf<Dto extends RecordDto>(kind: EntityKind<Dto>, record: Dto, names: readonly string[]): JsonObject {
  const view = Object.fromEntries(names.map((name) => [name, record[name] ?? null]))
  return { ...view, ...kind.seenByPatch?.(record) }
}

export function changedProperties(before: JsonObject, after: JsonObject): JsonObject {
  const changed = Object.keys(before).filter((name) => !isDeepStrictEqual(before[name], after[name] ?? null))
  return Object.fromEntries(changed.map((name) => [name, after[name] ?? null]))
}

function storeChanges<Dto extends RecordDto>(
  state: SandboxState,
  kind: EntityKind<Dto>,
  current: Dto,
  changes: JsonObject,
): Dto {
  const checked = readChanges(state, kind, changes)
  const written = new Set(Object.keys(checked))
  if (written.size === 0) return current
  const next = kind.change(state, current, checked, state.clock.next())
  kind.assertAllowed(state, next, written)
  const stored = save(state, kind, next)
  state.links.refresh(kind.name, current, stored)
  return stored
}

/** Types, lengths and enum names of what the patch wrote; the wording is that of the spec's "patch bad value" sample. */
export function readChanges(
  state: SandboxState,
  kind: { readonly noun: string; readonly patch: JsonPatchForm },
  changes: JsonObject,
): JsonObject {
  const { schema, schemaName } = kind.patch
  return Object.fromEntries(
    Object.entries(changes).map(([name, value]) => [
      name,
      readValue(value, schema.properties?.[name] ?? {}, name, state.settings.current(), (reason) => {
        const shown = typeof reason.value === 'string' ? reason.value : JSON.stringify(reason.value)
        return refusalOf(kind, `${schemaName}: The value '${shown}' is invalid for target location.`)
      }),
    ]),
  )
}
