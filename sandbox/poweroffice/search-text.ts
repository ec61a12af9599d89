/**
 * What people find a record by, for a column `search`. Lower-cased here and not in SQL: SQLite's lower() knows ASCII only,
 * and somebody will look for ørsta.
 */
export function searchText(...parts: readonly unknown[]): string {
  return parts
    .filter((part) => typeof part === 'string' || typeof part === 'number')
    .join(' ')
    .toLowerCase()
}
