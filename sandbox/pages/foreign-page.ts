import type { Context } from 'hono'

/**
 * Whether a page of another origin sent this: any page in a browser can send requests to loopback. Browsers say in `Origin`
 * which page it was, and `null` where they will not say; the sandbox's own tools send none.
 */
export function isFromForeignPage(context: Context): boolean {
  const origin = context.req.header('origin')
  return origin !== undefined && origin !== new URL(context.req.url).origin
}
