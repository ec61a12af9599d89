import type { Context } from 'hono'

/**
 * Path and query of a request. The host is left out: it is the client's word (Host), and what is no host
 * would make the whole address unreadable.
 */
export function requestUrl(context: Context): URL {
  return new URL(`http://sandbox${context.req.url.replace(/^[a-z]+:\/\/[^/?#]*/i, '')}`)
}
