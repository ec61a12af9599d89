import type { MiddlewareHandler } from 'hono'

/** Everything comes from this console; nothing of it may be framed, kept or sent elsewhere. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

export const protectiveHeaders: MiddlewareHandler = async (context, next) => {
  await next()
  context.header('content-security-policy', contentSecurityPolicy)
  context.header('x-content-type-options', 'nosniff')
  context.header('referrer-policy', 'same-origin')
  // The pages hold people's names and addresses. `no-cache` still lets the script ask "anything new?" by ETag.
  context.header('cache-control', 'private, no-cache')
}
