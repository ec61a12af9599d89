import type { HtmlEscapedString } from 'hono/utils/html'

/** What `hono/html` makes of a template; every value in it is escaped. */
export type Markup = HtmlEscapedString | Promise<HtmlEscapedString>

export type Cell = Markup | string | number | null | undefined
