import { compareIds } from '../../flows/directory.ts'
import type { FlowDefinition } from '../../flows/flow-definition.ts'
import { type RecordKey, recordKey } from '../../flows/side.ts'
import type { MatchEntry } from './match-entry.ts'

/** Records that only a person can tell apart (rule 1): one case, one entry in the inbox. */
export interface AmbiguousCase {
  /** The match key, or `reference`. */
  readonly by: string
  /** One sentence with the next step; counts, never values. */
  readonly why: string
  /** PowerOffice's first, each side by id; linked records in the way among them. */
  readonly members: readonly RecordKey[]
}

/** A placeholder e-mail may be shared by thousands: a person needs some, and the count stands in `why`. */
const MOST_MEMBERS = 20

export const byReference = 'reference'

/** @param isTaken whether the record has its counterpart: it is linked, or an earlier key matched it */
export function ambiguousCase(
  definition: FlowDefinition,
  by: string,
  entries: readonly MatchEntry[],
  isTaken: (entry: MatchEntry) => boolean,
): AmbiguousCase {
  const sorted = [...entries].sort(
    (a, b) => (a.side === b.side ? 0 : a.side === 'erp' ? -1 : 1) || compareIds(a.id, b.id),
  )
  return {
    by,
    why: whyAmbiguous(definition, by, entries, entries.some(isTaken)),
    members: sorted.slice(0, MOST_MEMBERS).map(({ side, id }) => recordKey(side, id)),
  }
}

function whyAmbiguous(
  definition: FlowDefinition,
  by: string,
  entries: readonly MatchEntry[],
  hasLinked: boolean,
): string {
  const one = definition.recordName
  const many = `${one}s`
  const erpCount = entries.filter((entry) => entry.side === 'erp').length
  const shopCount = entries.length - erpCount
  if (by === byReference) {
    return hasLinked
      ? `Copied reference: it names a ${one} that is already linked to another; clear it, or link one of them by hand.`
      : `Copied reference: ${entries.length} ${many} name each other, where two should; link two of them by hand or clear the copy.`
  }
  const key = keyInWords(definition, by)
  const wayOut = `link one of them by hand or change the ${key}`
  if (entries.every((entry) => entry.side === entries[0]?.side)) {
    const where = erpCount > 0 ? 'PowerOffice' : 'the webshop'
    return `${entries.length} ${many} in ${where} have the same ${key}; change it on all but one of them.`
  }
  if (hasLinked) return `Another ${one} with the same ${key} is already linked; ${wayOut}.`
  if (shopCount === 1) return `${erpCount} ${many} in PowerOffice have the ${key} of this webshop ${one}; ${wayOut}.`
  if (erpCount === 1) return `${shopCount} webshop ${many} have the ${key} of this ${one} in PowerOffice; ${wayOut}.`
  return `${erpCount} ${many} in PowerOffice and ${shopCount} in the webshop have the same ${key}; ${wayOut}.`
}

/** `customerNumber` as `customer number`; those whose everyday spelling differs by name. */
const everydayWords: Readonly<Record<string, string>> = {
  email: 'e-mail',
  organizationNumber: 'organisation number',
  sku: 'article number',
  gtin: 'GTIN',
}

function keyInWords(definition: FlowDefinition, keyName: string): string {
  const field = definition.matchKeys.find((key) => key.name === keyName)?.field ?? keyName
  return everydayWords[field] ?? field.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
}
