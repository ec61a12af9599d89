import { Problem } from './problem.ts'

const entityTag = /^\s*(W\/)?"([\x21\x23-\x7e\x80-\xff]*)"\s*(?:,|$)/

export const etagOf = (record: { readonly version: string }) => `"${record.version}"`

/**
 * If-Match of RFC 9110: one or more strong entity tags, or `*` for whatever is there.
 * @throws Problem 428 without it, 400 when it cannot be read, 412 when no tag is the record's
 */
export function assertIfMatch(header: string | undefined, record: { readonly version: string }): void {
  if (header === undefined) {
    throw new Problem(428, 'if-match-required', 'Read the record and send its ETag as If-Match.')
  }
  if (header.trim() === '*') return
  if (parseStrongTags(header).includes(record.version)) return
  throw new Problem(412, 'version-changed', `The record is at version ${record.version}.`, {
    headers: { etag: etagOf(record) },
  })
}

/** Weak tags are read and never match, as RFC 9110 wants it for If-Match. */
function parseStrongTags(header: string): string[] {
  const versions: string[] = []
  for (let rest = header; rest.trim() !== ''; ) {
    const tag = entityTag.exec(rest)
    if (!tag) throw new Problem(400, 'bad-request', 'If-Match holds versions in double quotes, as ETag gives them.')
    if (!tag[1]) versions.push(tag[2] ?? '')
    rest = rest.slice(tag[0].length)
  }
  return versions
}
