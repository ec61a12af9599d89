import type { FlowName } from '../../flows/flow-definition.ts'
import type { InboxEntry, InboxPile } from '../../workflows/messages.ts'
import { fieldLabel } from './field-label.ts'
import { type Paint, plain } from './paint.ts'
import { plainText } from './plain-text.ts'
import { timeAgo } from './relative-time.ts'

export const pileTitles: Readonly<Record<InboxPile, string>> = {
  needsYou: 'Needs you',
  waitsByItself: 'Waits by itself',
}

export interface FlowInbox {
  readonly flow: FlowName
  readonly entries: readonly InboxEntry[]
}

/** Both piles over all flows: each entry with its flow, its id, what is the matter, and its way out. */
export function inboxText(inboxes: readonly FlowInbox[], now: number, paint: Paint = plain): string[] {
  const width = Math.max(...inboxes.map(({ flow }) => flow.length))
  const all = inboxes.flatMap(({ flow, entries }) => entries.map((entry) => ({ flow, entry })))
  if (all.length === 0) return ['nothing needs you, nothing waits']
  return (['needsYou', 'waitsByItself'] as const).flatMap((name) => {
    const pile = all.filter(({ entry }) => entry.pile === name)
    if (pile.length === 0) return []
    return [
      paint('bold', `${pileTitles[name].toLowerCase()}: ${pile.length}`),
      ...pile.flatMap(({ flow, entry }) => entryText(flow.padEnd(width), entry, now, paint)),
    ]
  })
}

function entryText(flow: string, entry: InboxEntry, now: number, paint: Paint): string[] {
  const attempts = entry.attempts > 1 ? `, tried ${entry.attempts} times` : ''
  const ids = paint('dim', `${idsText(entry)}, ${timeAgo(entry.since, now)}${attempts}`)
  return [
    `  ${flow}  ${paint('bold', plainText(entry.id))}  ${plainText(entry.label)}  ${ids}`,
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
