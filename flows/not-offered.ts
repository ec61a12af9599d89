import type { Side } from './side.ts'

/**
 * What the two systems say that they do not offer of one flow's collection; absent: everything. It is not attempted, and
 * nobody is asked about it: the flow's status says so once (rule 4e).
 */
export type NotOffered = { readonly [side in Side]?: readonly ('create' | 'update')[] }

export function offers(notOffered: NotOffered | undefined, side: Side, what: 'create' | 'update'): boolean {
  return notOffered?.[side]?.includes(what) !== true
}
