import { readFileSync } from 'node:fs'
import { type Context, Hono } from 'hono'
import { etag } from 'hono/etag'
import { html } from 'hono/html'
import type { FlowDefinition } from '../../flows/flow-definition.ts'
import type { Settings } from '../../flows/settings.ts'
import { CommandFailure } from '../command-failure.ts'
import type { FlowReport } from '../status-report.ts'
import type { FlowWatch } from './flow-watch.ts'
import { guard } from './guard.ts'
import { protectiveHeaders } from './headers.ts'
import { mountOrders } from './orders.ts'
import { flowPage } from './pages/flow-page.ts'
import { inboxPage, wholeInboxPage } from './pages/inbox-page.ts'
import { layout, type Page } from './pages/layout.ts'
import { overviewPage } from './pages/overview-page.ts'
import { SystemRefusal } from './systems/system-records.ts'

export interface ConsoleParts {
  readonly settings: Settings
  readonly watches: readonly FlowWatch[]
  readonly now: () => number
}

const asset = (name: string) => readFileSync(new URL(`./browser/${name}`, import.meta.url), 'utf8')

/** The pages and the forms behind them. */
export function consoleApp({ settings, watches, now }: ConsoleParts): Hono {
  const app = new Hono()
  app.use(protectiveHeaders, guard(settings.consoleToken), etag())

  const assets = [
    { path: '/console.css', type: 'text/css; charset=utf-8', text: asset('console.css') },
    { path: '/console.js', type: 'text/javascript; charset=utf-8', text: asset('console.js') },
    { path: '/icon.svg', type: 'image/svg+xml', text: asset('icon.svg') },
  ]
  for (const { path, type, text } of assets)
    app.get(path, (context) => context.body(text, 200, { 'content-type': type }))

  const show = async (context: Context, page: Page, status: 200 | 404 | 409 | 502 = 200) =>
    context.html(await layout(settings, page), status)

  app.get('/', async (context) => show(context, await overviewPage(settings, watches, await reportAll())))
  app.get('/inbox', async (context) => show(context, await wholeInboxPage(watches, await reportAll())))
  app.get('/flows/:flow', async (context) => {
    const watch = watchOf(context)
    const report = await watch.report()
    return show(context, await flowPage({ settings, watch, report, query: context.req.query(), now: now() }))
  })
  app.get('/flows/:flow/inbox', async (context) => {
    const watch = watchOf(context)
    return show(context, await inboxPage(settings, watch, await watch.report()))
  })
  mountOrders(app, { settings, watchOf, show })

  app.notFound((context) => show(context, problemPage('There is no such page.', null), 404))
  app.onError(async (error, context) => {
    const expected = error instanceof CommandFailure || error instanceof SystemRefusal
    if (!expected) console.error(error)
    const sentence = expected ? error.message : 'The console failed; its log says how.'
    // The script shows the sentence where the person just clicked.
    if (context.req.header('x-quiet') !== undefined) return context.text(sentence, 409)
    return show(context, problemPage(sentence, null), error instanceof NoSuchFlow ? 404 : 502)
  })

  function reportAll(): Promise<FlowReport[]> {
    return Promise.all(watches.map((watch) => watch.report()))
  }

  function watchOf(context: Context): FlowWatch {
    const name = context.req.param('flow')
    const watch = watches.find((candidate) => candidate.definition.name === name)
    if (watch === undefined) throw new NoSuchFlow(watches.map((candidate) => candidate.definition))
    return watch
  }
  return app
}

class NoSuchFlow extends CommandFailure {
  constructor(definitions: readonly FlowDefinition[]) {
    super(`There is no such flow: the flows are ${definitions.map((definition) => definition.name).join(', ')}.`)
  }
}

function problemPage(sentence: string, flow: string | null): Page {
  return {
    title: 'Not done',
    flow,
    body: html`<section><h1>Not done</h1><p class="banner bad">${sentence}</p><p><a href="/">Overview</a></p></section>`,
  }
}
