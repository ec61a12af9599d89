import type { Context } from 'hono'

/** What the page after a form says. Addresses name a notice, so that nobody can put words of their own into a page. */
const notices = {
  created: 'Created.',
  saved: 'Saved.',
  deleted: 'Deleted.',
  cancelled: 'The order is cancelled.',
  refunded: 'The credit order is placed; take out what did not come back.',
  confirmed: 'The order is confirmed.',
  reopened: 'The order is a draft again.',
  invoiced: 'The order is invoiced.',
  requested: 'The invoice was asked for.',
  paid: 'The payment is registered.',
} as const

export type Notice = keyof typeof notices

/** The address with a word of what was just done there. */
export function withNotice(path: string, notice: Notice): string {
  return `${path}?done=${notice}`
}

export function noticeOf(context: Context): string | undefined {
  const asked = context.req.query('done') ?? ''
  return Object.hasOwn(notices, asked) ? notices[asked as Notice] : undefined
}
