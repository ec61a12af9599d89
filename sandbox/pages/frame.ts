import { html } from 'hono/html'
import type { Cell, Markup } from './markup.ts'
import type { Site } from './site.ts'

export interface ShownPage {
  /** Says what the page is of, in the window's title too. */
  readonly title: string
  /** The list that it belongs to. */
  readonly place: string | null
  /** Beside the title: ways to further forms. */
  readonly buttons?: Markup | undefined
  readonly notice?: string | undefined
  readonly content: Markup
}

/** The same head and the same ways on every page of a site. */
export function frame(site: Site, { title, place, buttons, notice, content }: ShownPage): Markup {
  const name = site.name()
  const link = ({ path, label }: Site['places'][number]) =>
    html`<a href="${path}"${path === place ? html` aria-current="page"` : ''}>${label}</a>`
  return html`<!doctype html>
<html lang="en" class="${site.accent}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · ${name}</title>
<link rel="icon" href="/pages/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/pages/style.css">
</head>
<body>
<a class="skip" href="#content">To the content</a>
<header class="top"><a class="name" href="/"><img src="/pages/icon.svg" alt="" width="20" height="20">${name}</a>
<nav aria-label="Lists">${site.places.map(link)}</nav></header>
<main id="content">
${notice === undefined ? '' : html`<p class="banner good" role="status">${notice}</p>`}
<div class="headline"><h1>${title}</h1>${buttons ?? ''}</div>
${content}
</main>
<footer>${site.about}</footer>
</body>
</html>`
}

/** What is known of a record and not edited there; empty ones are left out. */
export function factList(facts: readonly (readonly [string, Cell])[]): Markup {
  const known = facts.filter(([, value]) => value !== null && value !== undefined && value !== '')
  return html`<dl class="facts">${known.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`
}

export function linkButton(href: string, label: string): Markup {
  return html`<a class="button" href="${href}">${label}</a>`
}

/** A button that does something at once: a form of its own. */
export function actionButton(action: string, label: string): Markup {
  return html`<form method="post" action="${action}"><button>${label}</button></form>`
}

/** For what cannot be undone: the first click opens the second button. */
export function carefulButton(
  action: string,
  { label, question, yes }: { label: string; question: string; yes: string },
): Markup {
  return html`<details class="careful"><summary class="button">${label}</summary>
<form method="post" action="${action}"><p>${question}</p><button class="danger">${yes}</button></form></details>`
}

/** 2026-11-23 08:15 of a time as systems write it. */
export function shownTime(timestamp: string | null | undefined): string {
  return (timestamp ?? '').slice(0, 16).replace('T', ' ')
}
