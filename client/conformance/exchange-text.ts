import { isJson, type Json } from './collections.ts'
import { markWord } from './mark.ts'
import type { Answer, Sent } from './shop-client.ts'

const maxLength = 600
const maxItems = 8

/** The request as somebody would type it. Its key is not part of it. */
export function sentText({ method, path, headers, body }: Sent): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  return [`${method} ${path}`, ...lines, ...(body === null ? [] : [cut(body)])].join('\n')
}

/** The answer, without what it says about other people's records: the kit's own are shown in full. */
export function cameBackText(answer: Answer): string {
  const { status, headers } = answer
  const shown = ['content-type', 'etag', 'location', 'retry-after'].flatMap((name) =>
    headers[name] === undefined ? [] : [`${name}: ${headers[name]}`],
  )
  return [`${status}`, ...shown, ...bodyLines(answer)].join('\n')
}

function bodyLines({ sent, headers, text, json }: Answer): string[] {
  if (text === '') return []
  if (!isJson(json)) return [`(no JSON object, ${text.length} characters)`]
  const isProblem = (headers['content-type'] ?? '').includes('problem')
  const isAboutShop = /^\/api\/(capabilities|counts|openapi\.json)/.test(sent.path)
  if (isProblem || isAboutShop) return [cut(text)]
  const { items, ...rest } = json
  if (!Array.isArray(items)) return [cut(JSON.stringify(shownRecord(json)))]
  const records = items.filter(isJson).slice(0, maxItems).map(head)
  const more = items.length > maxItems ? [`… and ${items.length - maxItems} more`] : []
  return [cut(JSON.stringify({ items: [...records, ...more], ...rest }))]
}

/** What identifies a record and says nothing about whom it is about. */
function head({ id, deleted, version, changedAt }: Json): Json {
  return { id, ...(deleted !== undefined && { deleted }), version, changedAt }
}

function shownRecord(json: Json): Json {
  if (JSON.stringify(json).includes(markWord)) return json
  return { ...head(json), '…': `${Object.keys(json).length} fields of a record that is not the kit's` }
}

function cut(text: string): string {
  return text.length <= maxLength ? text : `${text.slice(0, maxLength)}…`
}
