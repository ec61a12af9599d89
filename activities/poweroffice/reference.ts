/**
 * `<prefix>:<webshop id>`, with `~2` and so on when the record is created anew (rule 12). Anything else is somebody
 * else's reference: never read as a link, never written over.
 */
export interface References {
  write(counterpart: { readonly id: string; readonly creation: number }): string
  /** The webshop's id, whichever creation it was; null for none and for somebody else's. */
  read(reference: string | null): string | null
}

const prefixForm = /^[A-Za-z0-9._-]{1,7}$/

/** @throws Error for a prefix that would not leave room for a webshop id of 40 characters within the vendor's 50 */
export function createReferences(prefix: string): References {
  if (!prefixForm.test(prefix)) {
    throw new Error(
      `the reference prefix is "${prefix}": write 1 to 7 characters of A-Z a-z 0-9 . _ -, such as the connection's name`,
    )
  }
  const start = `${prefix}:`
  return {
    write: ({ id, creation }) => `${start}${id}${creation > 1 ? `~${creation}` : ''}`,
    read: (reference) => {
      if (reference === null || !reference.startsWith(start)) return null
      return /^([A-Za-z0-9._-]{1,40})(?:~\d+)?$/.exec(reference.slice(start.length))?.[1] ?? null
    },
  }
}
