export const collections = ['customers', 'products', 'orders'] as const
export type CollectionName = (typeof collections)[number]

export type Json = Readonly<Record<string, unknown>>

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A record of the shop as it stands in an answer. */
export interface ShopRecord {
  readonly collection: CollectionName
  readonly id: string
  /** What If-Match is made of: the record's `version`, else what its ETag names. */
  readonly version: string
  readonly json: Json
}

export const pathOf = (collection: CollectionName, id?: string): string =>
  id === undefined ? `/api/${collection}` : `/api/${collection}/${encodeURIComponent(id)}`
