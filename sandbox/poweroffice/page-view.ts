import type { SandboxState } from './sandbox-state.ts'

export type Cell = string | number | null

/** One entity as the page lists it. */
export interface ListView {
  /** `customers`: value of the query key show, and the word in sentences. */
  readonly name: string
  readonly title: string
  readonly searchHint: string
  readonly columns: readonly { readonly title: string; readonly isNumber?: true; readonly isMuted?: true }[]
  /** All rows, those changed last first. */
  rows(state: SandboxState): readonly Row[]
}

export interface Row {
  /** Asked of the rows shown only. */
  cells(): readonly Cell[]
  /** Set in grey behind the name: archived, inactive. */
  readonly remark: string | null
  readonly searched: readonly Cell[]
}

export const idColumn = { title: 'Id', isNumber: true, isMuted: true } as const
export const changedColumn = { title: 'Changed', isNumber: true, isMuted: true } as const
/** Where the name stands, and the remark behind it. */
export const nameIndex = 2

export function newestFirst<Dto>(store: Listable): readonly Dto[] {
  return store
    .list({ where: [], orderBy: 'changed DESC, id DESC', limit: Number.MAX_SAFE_INTEGER, offset: 0 })
    .map((json) => JSON.parse(json) as Dto)
}

export function shownTime(timestamp: string): string {
  return timestamp.slice(0, 19).replace('T', ' ')
}

export function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

interface Listable {
  list(request: { where: []; orderBy: string; limit: number; offset: number }): readonly string[]
}
