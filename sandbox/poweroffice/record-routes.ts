import { type EntityKind, type RecordDto, storeOf } from './entity-kind.ts'
import type { Filter } from './filters.ts'
import { answerList, type ListedEntity } from './list-answer.ts'
import type { Answer } from './problem.ts'
import { type ApiRequest, type Route, readId, readJsonBody, readPatchBody } from './route.ts'
import type { SandboxState } from './sandbox-state.ts'
import { propertyNames } from './schema.ts'
import type { Settings, Switches } from './settings.ts'
import { shapeJson } from './shape.ts'
import { createRecord, deleteRecord, existingRecord, patchRecord } from './write-record.ts'

export type RecordOperation = 'create' | 'get' | 'patch'

interface RouteOptions {
  /** The switches as this operation of this entity feels them, where a quirk is its own. */
  readonly shape?: (operation: RecordOperation, switches: Switches) => Switches
  /** True where the answer has no body. */
  readonly isBodyless?: (operation: RecordOperation, switches: Switches) => boolean
}

/** List, create, get, patch and delete at `kind.path`, as most entities have them. */
export function recordRoutes<Dto extends RecordDto>(
  state: SandboxState,
  kind: EntityKind<Dto>,
  { shape = (_, switches) => switches, isBodyless = () => false }: RouteOptions = {},
): readonly Route[] {
  const { read, write } = kind.roles
  const switches = () => state.settings.current()
  const shown = (operation: RecordOperation, status: number, record: Dto): Answer => ({
    status,
    body: isBodyless(operation, switches()) ? null : shapeJson(record, shape(operation, switches())),
  })
  const ofOne = { path: `${kind.path}/{id}` }
  return [
    listRoute(state, kind),
    {
      method: 'POST',
      path: kind.path,
      roles: write,
      handle: (request) =>
        shown('create', createdStatus(kind, switches()), createRecord(state, kind, readJsonBody(request))),
    },
    {
      ...ofOne,
      method: 'GET',
      roles: read,
      handle: (request) => shown('get', 200, existingRecord(state, kind, readId(request))),
    },
    {
      ...ofOne,
      method: 'PATCH',
      roles: write,
      handle(request) {
        const body = patchBody(request, state.settings)
        return shown('patch', 200, patchRecord(state, kind, readId(request), body))
      },
    },
    {
      ...ofOne,
      method: 'DELETE',
      roles: write,
      handle(request) {
        deleteRecord(state, kind, readId(request))
        return { status: kind.statuses?.deleted ?? 200, body: null }
      },
    },
  ]
}

/** @param filters those that must look records up, besides the kind's own */
export function listRoute<Dto extends RecordDto>(
  state: SandboxState,
  kind: EntityKind<Dto>,
  filters: readonly Filter[] = [],
): Route {
  const listed: ListedEntity = {
    store: storeOf(state, kind),
    properties: propertyNames(kind.dtoSchema),
    filters: [...kind.filters, ...filters],
    // Ids are given in order of creation, so the two orders are one today.
    orders: { creation: 'id', lastChanged: 'changed, id' },
  }
  return {
    method: 'GET',
    path: kind.path,
    roles: kind.roles.read,
    handle: ({ url }) => answerList(listed, url, state.settings.current()),
  }
}

export function createdStatus(kind: { readonly statuses?: { readonly created?: number } }, switches: Switches): number {
  if (switches.writeStatus === 'all200') return 200
  if (switches.writeStatus === 'all201') return 201
  return kind.statuses?.created ?? 201
}

export function patchBody(request: ApiRequest, settings: Settings): unknown {
  return readPatchBody(request, { jsonAccepted: settings.current().patchContentType === 'jsonAccepted' })
}
