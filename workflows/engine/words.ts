import type { FirstLoadPosition } from '../../flows/port.ts'
import { idOf, type RecordKey, type Side, sideOf } from '../../flows/side.ts'

/** What the steps of a first load are called in the timeline and the status. */
export const stepNames: Readonly<Record<FirstLoadPosition['step'], string>> = {
  pairs: 'link what belongs together',
  ambiguous: 'list what is ambiguous',
  erpOnly: 'create in the webshop',
  shopOnly: 'create in PowerOffice',
  changed: 'look at what changed while nobody watched',
}

export function nameOf(side: Side): string {
  return side === 'erp' ? 'PowerOffice' : 'the webshop'
}

/** A summary takes 400 bytes; names may hold letters of two. */
export function short(text: string): string {
  return text.length <= 180 ? text : `${text.slice(0, 177)}...`
}

export function describeKeys(keys: readonly RecordKey[]): string {
  const few = keys.slice(0, 5).map((key) => `${nameOf(sideOf(key))} ${idOf(key)}`)
  return `${keys.length} record${keys.length === 1 ? '' : 's'}: ${few.join(', ')}${keys.length > few.length ? ' …' : ''}`
}
