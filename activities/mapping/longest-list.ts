/**
 * Lines of one order. Lists travel in payloads, of which one may have 2 MiB, and both lists of four orders may share one; a
 * row of the memory names every line. 1,000 lines of each side take some 300 KB: an endless list must not stop the others.
 */
export const longestList = 1_000

/** A phrase that follows the list's name. */
export function tooManyLines(count: number): string {
  return `has ${count} lines, more than the ${longestList} that travel`
}
