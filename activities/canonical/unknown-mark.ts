/**
 * Stands before the spelling of a value that has no canonical form (yet): a code that no table knows, a record of the
 * webshop without link. It is compared like any text, and never written anywhere.
 */
const mark = '?'

export function unknownMark(spelling: string): string {
  return `${mark}${spelling}`
}

export function isUnknown(canonical: string): boolean {
  return canonical.startsWith(mark)
}

export function spellingOf(canonical: string): string {
  return isUnknown(canonical) ? canonical.slice(mark.length) : canonical
}
