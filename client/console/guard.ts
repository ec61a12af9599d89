import { createHash, timingSafeEqual } from 'node:crypto'
import type { Context, MiddlewareHandler } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'

const cookieName = 'kobling_console'
const cookieDays = 30

/**
 * Who may see and change things here.
 * - Without a token: this machine only. The Host must be a loopback name, or any page on the internet whose name was
 *   pointed at 127.0.0.1 could read along (DNS rebinding).
 * - With a token: whoever has it; `?token=` is exchanged for a cookie, so that it does not stay in addresses.
 * - Changes come from this console's own pages alone: browsers name the page that sends a form in `Origin`.
 */
export function guard(token: string | null): MiddlewareHandler {
  return async (context, next) => {
    const refusal = token === null ? refuseStrangeHost(context) : letIn(context, token)
    if (refusal !== undefined) return refusal
    if (context.req.method !== 'GET' && context.req.method !== 'HEAD' && !isOwnPage(context)) {
      return context.text('Only the pages of this console may change things here.', 403)
    }
    await next()
    return undefined
  }
}

const loopbackNames = new Set(['127.0.0.1', 'localhost', '[::1]'])

function refuseStrangeHost(context: Context): Response | undefined {
  const host = context.req.header('host') ?? ''
  const name = host.replace(/:\d+$/, '').toLowerCase()
  if (loopbackNames.has(name) || name.endsWith('.localhost')) return undefined
  return context.text('The console answers this machine only: set KOBLING_CONSOLE_TOKEN to open it to others.', 403)
}

function letIn(context: Context, token: string): Response | undefined {
  const given = context.req.query('token')
  if (given !== undefined && isSame(given, token)) {
    const url = new URL(context.req.url)
    url.searchParams.delete('token')
    const secure = context.req.header('x-forwarded-proto') === 'https'
    const maxAge = cookieDays * 24 * 60 * 60
    setCookie(context, cookieName, cookieOf(token), { httpOnly: true, sameSite: 'Lax', path: '/', maxAge, secure })
    return context.redirect(`${url.pathname}${url.search}`, 303)
  }
  const cookie = getCookie(context, cookieName)
  if (cookie !== undefined && isSame(cookie, cookieOf(token))) return undefined
  const bearer = /^Bearer +(\S+)$/i.exec(context.req.header('authorization') ?? '')?.[1]
  if (bearer !== undefined && isSame(bearer, token)) return undefined
  return context.text('A token is needed: open this address with ?token=<KOBLING_CONSOLE_TOKEN>.', 401)
}

/** Not the token itself: a cookie lies around on disks. */
function cookieOf(token: string): string {
  return createHash('sha256').update(`kobling console ${token}`).digest('base64url')
}

function isSame(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(expected))
}

function isOwnPage(context: Context): boolean {
  const origin = context.req.header('origin')
  if (origin === undefined || !URL.canParse(origin)) return false
  return new URL(origin).host === context.req.header('host')
}
