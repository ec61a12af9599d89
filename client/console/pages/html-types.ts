import type { html } from 'hono/html'

/** What `html` gives: text with every value in it escaped. */
export type Html = ReturnType<typeof html>
