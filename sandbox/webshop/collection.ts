import type { z } from '@hono/zod-openapi'
import type { JsonObject } from './json.ts'
import type { Caller } from './sandbox-keys.ts'
import type { Settings } from './settings.ts'
import type { ShopView } from './shop-view.ts'

/** What the shop itself sets on a record of any collection. */
export interface RecordBase {
  readonly id: string
  readonly version: string
  readonly createdAt: string
  readonly changedAt: string
}

/** What every collection's own fields have in common. */
export interface SharedFields {
  readonly kind?: string
  readonly erpId: string | null
}

export interface Column<Fields> {
  /** Name of the SQL column and, unless it is internal, of the list's filter parameter. */
  readonly name: string
  /** False where a few values are shared by all: such an index would be taken in place of a good one. */
  readonly indexed: boolean
  readonly read: (fields: Fields) => string | null
  /** The form in which values are compared; applied to what is stored and to what is asked for. */
  readonly fold: (value: string) => string
  /** True when the shop asks by it and lists do not filter by it. */
  readonly isInternal?: boolean
}

/** Another record may not have the same values in these columns. */
export interface UniqueRule {
  readonly field: string
  readonly columns: Readonly<Record<string, string>>
}

export interface WriteContext {
  readonly caller: Caller
  readonly settings: Settings
  readonly view: ShopView
}

/**
 * One collection of the contract, declared by one file (customers.ts, products.ts, orders.ts). Routes, storage, feed, webhooks and the OpenAPI
 * document follow from it; app.ts holds the list.
 */
export interface Collection<Fields extends SharedFields> {
  /** Path under /api and name of the table. */
  readonly name: string
  /** First half of webhook types, and the word used in sentences. */
  readonly singular: 'customer' | 'product' | 'order'
  readonly idPrefix: string
  readonly columns: readonly Column<Fields>[]
  readonly schemas: {
    readonly record: z.ZodType
    readonly create: z.ZodType
    readonly patch: z.ZodType
  }
  /** @throws Problem 422 naming each field */
  readonly create: (body: JsonObject, context: WriteContext) => Fields
  /** The fields after an RFC 7396 patch; what it does not mention is left as it is, dirty or not. @throws Problem 422 */
  readonly patch: (current: Fields, patch: JsonObject, context: WriteContext) => Fields
  readonly unique: (fields: Fields, settings: Settings) => readonly UniqueRule[]
  readonly offers: (settings: Settings) => { create: boolean; update: boolean; delete: boolean }
  /** Id of an order that would dangle without this record; the shop then refuses to delete it. */
  readonly usedBy?: (record: Fields & RecordBase, view: ShopView) => string | undefined
  /** A further reason to refuse the deletion. @throws Problem */
  readonly assertRemovable?: (fields: Fields) => void
  /** Text by which people search. */
  readonly searchText: (fields: Fields) => string
}
