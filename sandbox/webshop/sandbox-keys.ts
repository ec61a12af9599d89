/** The keys of the sandbox shop. They protect nothing: the sandbox listens on loopback only. */

/** The sync's key unless WEBSHOP_API_KEY says otherwise. Requests with it are silent (docs/webshop-contract.md). */
export const defaultSyncKey = 'sandbox-webshop'

/** Stands for the shop's own users: may also set what the shop sets (guest), and is spared settings and faults. */
export const shopkeeperKey = 'sandbox-shopkeeper'

/** May read and nothing else, so that a client can be shown a 403. */
export const readerKey = 'sandbox-reader'

/** The one that the sync takes a sandbox to use (flows/settings.ts), so that webhooks are verified without configuration. Never used for a real shop. */
export const defaultWebhookSecret = 'whsec_a29ibGluZy1zYW5kYm94LXdlYmhvb2stc2VjcmV0LTI0'

export const callers = ['sync', 'shopkeeper', 'reader'] as const
export type Caller = (typeof callers)[number]

/** Who sent this Authorization header; undefined when nobody known did. */
export function findCaller(authorization: string | undefined, syncKey: string): Caller | undefined {
  const key = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1]
  if (key === undefined) return undefined
  if (key === syncKey) return 'sync'
  if (key === shopkeeperKey) return 'shopkeeper'
  if (key === readerKey) return 'reader'
  return undefined
}
