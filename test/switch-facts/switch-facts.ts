import type { SwitchChanges, Switches } from '../../sandbox/poweroffice/settings.ts'

/**
 * What the sync does in one position, as docs/switches.md says it and test/server/switches.test.ts holds it to.
 * - converges: both systems become equal, and nothing is listed.
 * - lists: what is named stays as it was on both sides and is in the inbox; all else converges. Back at the default a retry heals it.
 * - waits: the flows named stop with that sentence and write nothing; they go on by themselves.
 */
export type Sync =
  | { readonly kind: 'converges'; readonly how: string }
  | { readonly kind: 'lists'; readonly how: string; readonly listed: readonly Listed[] }
  | { readonly kind: 'waits'; readonly how: string; readonly flows: readonly string[]; readonly says: string }

export interface Listed {
  /** The intent of the test's round that is not carried out (test/support/switch-round.ts). */
  readonly what: string
  readonly reason: string
  /** Part of the sentence that the inbox shows. */
  readonly says: string
}

export interface Position {
  /** What is set; default: the switch to the position's own word. */
  readonly set?: SwitchChanges
  /** What must happen besides for the position to matter. */
  readonly event?: SwitchEvent
  readonly sync: Sync
}

/**
 * - invoice: a confirmed order is invoiced in PowerOffice; by its API where that takes time
 * - lostReply: the answer to a new order is lost after it took effect
 * - refusal: a customer that PowerOffice refuses (organisation number) is among those of the webshop
 * - clearing: values are cleared in the webshop; only where it matters, since twenty of one field in ten minutes pause a flow (E20)
 * - shortGtin: a product of the webshop has a barcode of eight digits
 */
export type SwitchEvent = 'invoice' | 'lostReply' | 'refusal' | 'clearing' | 'shortGtin'

export type Evidence = 'SPEC' | 'DOC' | 'LIVE' | 'INF' | 'OPEN'

export interface SwitchFacts {
  readonly standsFor: string
  /** Of the default. */
  readonly evidence: Evidence
  /** All but the default. */
  readonly positions: Readonly<Record<string, Position>>
}

export interface SwitchGroup {
  readonly title: string
  readonly switches: { readonly [Name in keyof Switches]?: SwitchFacts }
}

export function converges(how: string, rest: Omit<Position, 'sync'> = {}): Position {
  return { ...rest, sync: { kind: 'converges', how } }
}

export function lists(how: string, listed: readonly Listed[], rest: Omit<Position, 'sync'> = {}): Position {
  return { ...rest, sync: { kind: 'lists', how, listed } }
}

export function waits(
  how: string,
  flows: readonly string[],
  says: string,
  rest: Omit<Position, 'sync'> = {},
): Position {
  return { ...rest, sync: { kind: 'waits', how, flows, says } }
}
