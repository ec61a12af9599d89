import type { EntityStore, ListRequest, RecordId } from '../entity-store.ts'
import type { ListedEntity } from '../list-answer.ts'
import type { JsonObject } from '../schema.ts'

interface Parent {
  readonly column: string
  readonly id: string
}

/** The rows of one parent as a list of their own, each without what only the sandbox keeps of it. */
export function rowsBelow<Dto, Id extends RecordId>(
  store: EntityStore<Dto, Id>,
  { column, id }: Parent,
  shown: (row: JsonObject) => JsonObject,
): ListedEntity['store'] {
  const below = { sql: `${column} = ?`, values: [id] }
  const within = (request: ListRequest) => ({ ...request, where: [below, ...request.where] })
  return {
    list: (request) => store.list(within(request)).map((json) => JSON.stringify(shown(JSON.parse(json) as JsonObject))),
    count: (where) => store.count([below, ...where]),
  }
}
