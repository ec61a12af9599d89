import { readFileSync } from 'node:fs'
import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { html } from 'hono/html'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { Field, FormErrors } from './field.ts'
import { isFromForeignPage } from './foreign-page.ts'
import { frame, type ShownPage } from './frame.ts'
import type { Site } from './site.ts'

export interface Refusal {
  readonly status: number
  readonly errors: FormErrors
}

export interface PagesParts {
  readonly site: Site
  /** What the system's own refusals mean for a form of these fields; undefined for what is no refusal. */
  readonly explain: (error: unknown, fields: readonly Field[]) => Refusal | undefined
  /** Before every request, where the system has something to catch up with. */
  readonly prepare?: () => void
}

/** Thrown by a view whose record is found somewhere else by now. */
export class Moved extends Error {
  readonly address: string

  constructor(address: string) {
    super(`moved to ${address}`)
    this.address = address
  }
}

type Handler = (context: Context) => Response | Promise<Response>

/** Where the pages of one system are put in. They guard themselves, so that the API beside them is left alone. */
export interface Pages extends PagesParts {
  readonly app: Hono
  get(path: string, handler: Handler): void
  post(path: string, handler: Handler): void
  show(context: Context, page: ShownPage, status?: number): Response | Promise<Response>
}

/** Room for the longest texts that either system takes. */
const maxFormBytes = 2_000_000

const asset = (name: string) => readFileSync(new URL(`./browser/${name}`, import.meta.url), 'utf8')

export function createPages(parts: PagesParts): Pages {
  const app = new Hono()
  const show: Pages['show'] = (context, page, status = 200) =>
    context.html(frame(parts.site, page), status as ContentfulStatusCode)
  const refuse = (context: Context, status: number, sentence: string) =>
    show(
      context,
      { title: 'Not done', place: null, content: html`<p class="banner bad" role="alert">${sentence}</p>` },
      status,
    )

  app.onError((error, context) => {
    if (error instanceof Moved) return context.redirect(error.address, 303)
    const refusal = parts.explain(error, [])
    if (refusal) return refuse(context, refusal.status, refusal.errors.general.join(' '))
    console.error(error)
    return refuse(context, 500, 'The sandbox failed; its log says how.')
  })

  const ownPagesOnly: MiddlewareHandler = async (context, next) => {
    if (isFromForeignPage(context)) {
      return refuse(context, 403, 'Pages of other origins may not change anything here.')
    }
    return next()
  }
  const notTooLarge = bodyLimit({
    maxSize: maxFormBytes,
    onError: (context) => refuse(context, 413, 'That is more text than a form takes here.'),
  })
  const prepared: MiddlewareHandler = (_, next) => {
    parts.prepare?.()
    return next()
  }

  const style = asset('style.css')
  const icon = asset(`${parts.site.accent}.svg`)
  const kept = { 'cache-control': 'max-age=300', 'x-content-type-options': 'nosniff' }
  app.get('/pages/style.css', (context) =>
    context.body(style, 200, { 'content-type': 'text/css; charset=utf-8', ...kept }),
  )
  app.get('/pages/icon.svg', (context) => context.body(icon, 200, { 'content-type': 'image/svg+xml', ...kept }))

  return {
    ...parts,
    app,
    get: (path, handler) => app.get(path, protectiveHeaders, prepared, handler),
    post: (path, handler) => app.post(path, protectiveHeaders, ownPagesOnly, notTooLarge, prepared, handler),
    show,
  }
}

/** Everything comes from here, no script runs, nothing may be framed. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "style-src 'self'",
  "img-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

const protectiveHeaders: MiddlewareHandler = async (context, next) => {
  await next()
  context.header('content-security-policy', contentSecurityPolicy)
  context.header('x-content-type-options', 'nosniff')
  // Not no-referrer, with which browsers send `Origin: null` and the forms of these very pages would be refused.
  context.header('referrer-policy', 'same-origin')
  context.header('cache-control', 'no-store')
}
