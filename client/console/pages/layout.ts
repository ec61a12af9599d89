import { html } from 'hono/html'
import { allFlows } from '../../../flows/registry.ts'
import type { Settings } from '../../../flows/settings.ts'
import { powerOfficePageUrl, temporalUrl, webshopPageUrl } from '../../addresses.ts'
import { fieldLabel } from '../../text/field-label.ts'
import type { Html } from './html-types.ts'

export interface Page {
  readonly title: string
  /** The flow that the page is of; `inbox` for that of all flows, null for the overview. */
  readonly flow: string | null
  readonly body: Html | readonly Html[]
}

/** Every page: the same head, the same way round. */
export function layout(settings: Settings, { title, flow, body }: Page): Html {
  const temporal = temporalUrl(settings)
  const current = (name: string | null) => (name === flow ? html` aria-current="page"` : '')
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · kobling</title>
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/console.css">
<script src="/console.js" defer></script>
</head>
<body>
<header class="top">
<a class="name" href="/"><img src="/icon.svg" alt="" width="20" height="20">kobling</a>
<nav aria-label="Pages">
<a href="/"${current(null)}>Overview</a>
<a href="/inbox"${current('inbox')}>Inbox</a>
${allFlows.map(({ name }) => html`<a href="/flows/${name}"${current(name)}>${fieldLabel(name)}</a>`)}
</nav>
<nav aria-label="Systems" class="systems">
<a href="${powerOfficePageUrl(settings)}">PowerOffice</a>
<a href="${webshopPageUrl(settings)}">Webshop</a>
${temporal === null ? '' : html`<a href="${temporal}">Temporal</a>`}
</nav>
</header>
<p id="offline" class="banner bad" role="status" hidden>The console does not answer; what you see may be old.</p>
<main>
${body}
</main>
<div id="toast" role="status" aria-live="polite"></div>
</body>
</html>`
}
