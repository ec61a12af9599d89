import type { Collection } from '../connector.ts'

/** A second create of one record is refused by the system itself, however late the first one arrives. */
export function refusesTwin(collection: Pick<Collection, 'hasUniqueReference' | 'refusesTwin'>): boolean {
  return collection.refusesTwin ?? collection.hasUniqueReference
}
