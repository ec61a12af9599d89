import type { InboxEntry, InboxPile } from '../../workflows/messages.ts'
import { fieldLabel } from './field-label.ts'
import { type Paint, plain } from './paint.ts'
import { plainText } from './plain-text.ts'
import { timeAgo } from './relative-time.ts'

export const pileTitles: Readonly<Record<InboxPile, string>> = {
  needsYou: 'Needs you',
  waitsByItself: 'Waits by itself',
}

/** Both piles of one flow, each entry with its id, what is the matter, and its way out. */
export function inboxText(flow: string, entries: readonly InboxEntry[], now: number, paint: Paint = plain): string[] {
  if (entries.length === 0) return [`${paint('bold', flow)}  nothing needs you, nothing waits`]
  const piles = (['needsYou', 'waitsByItself'] as const).map((pile) => entries.filter((entry) => entry.pile === pile))
  return piles.flatMap((pile) => {
    const [first] = pile
    if (first === undefined) return []
    const heading = `${paint('bold', flow)}  ${pileTitles[first.pile].toLowerCase()}: ${pile.length}`
    return [heading, ...pile.flatMap((entry) => entryText(entry, now, paint))]
  })
}

function entryText(entry: InboxEntry, now: number, paint: Paint): string[] {
  const ids = idsText(entry)
  const attempts = entry.attempts > 1 ? `, tried ${entry.attempts} times` : ''
  return [
    `  ${paint('bold', plainText(entry.id))}  ${plainText(entry.label)}  ${paint('dim', `${ids}, ${timeAgo(entry.since, now)}${attempts}`)}`,
    `    ${reasonText(entry)}: ${plainText(entry.detail)}`,
    ...(entry.others.length === 0 ? [] : [`    others: ${entry.others.map(plainText).join(', ')}`]),
    `    -> ${plainText(entry.wayOut)}`,
  ]
}

/** The reason, with the field where the matter is of one field. */
export function reasonText({ reason, field }: Pick<InboxEntry, 'reason' | 'field'>): string {
  return field === null ? reason : `${reason} (${fieldLabel(field).toLowerCase()})`
}

function idsText({ erpId, shopId }: InboxEntry): string {
  const ids = [
    ...(erpId === null ? [] : [`PowerOffice ${plainText(erpId)}`]),
    ...(shopId === null ? [] : [`webshop ${plainText(shopId)}`]),
  ]
  return ids.length === 0 ? 'no record' : ids.join(' = ')
}
