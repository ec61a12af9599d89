import type { EntityStore } from './entity-store.ts'

/** A code as the number it is, for the next free one; null for other codes and for those too long to count on. */
export function wholeNumberOf(code: string | null): number | null {
  return code !== null && /^[1-9]\d{0,8}$/.test(code) ? Number(code) : null
}

/** One more than the largest numeric code (switch codeAutoAssign). The table needs a column codeNumber. */
export function nextFreeCode(store: Pick<EntityStore<unknown>, 'largest'>): string {
  return String((store.largest('codeNumber', { sql: '1', values: [] }) ?? 0) + 1)
}
