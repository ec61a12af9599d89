/** More would only slow the search down. */
const maxWords = 10

/** What is searched for: records that contain every one of them. */
export function wordsOf(search: string): string[] {
  return search
    .split(/\s+/)
    .filter((word) => word !== '')
    .slice(0, maxWords)
}
