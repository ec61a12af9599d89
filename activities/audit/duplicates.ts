import type { Difference } from '../../flows/audit.ts'
import { compareIds } from '../../flows/directory.ts'
import type { Content, Reading } from '../../flows/reading.ts'
import { otherSide, type RecordKey, recordKey, type Side, sides } from '../../flows/side.ts'
import { toMatchEntry } from '../match/match-entry.ts'
import type { ComparedWorld } from './compared-world.ts'
import { type KnownRows, lastSeenAlone } from './known-rows.ts'

interface Judged {
  readonly difference: Difference
  readonly isListed: boolean
}

/**
 * Records that claim one counterpart or share a key that names a record, and rows that claim one record. A group is listed
 * when at most one of its members is not accounted for by the inbox or by a row that says why it was left alone.
 */
export function findDuplicates(world: ComparedWorld, known: KnownRows): Judged[] {
  const judged: Judged[] = known.linkedTwice.map(({ shopId, erpIds }) => ({
    difference: {
      kind: 'duplicate',
      keys: [recordKey('shop', shopId), ...erpIds.map((id) => recordKey('erp', id))],
      fields: ['link'],
      mark: '',
    },
    isListed: false,
  }))
  for (const side of sides) {
    const readings = world[side].flatMap((state) => (state.kind === 'present' ? [state.reading] : []))
    for (const ids of sharing(readings, (reading) => claimOf(reading, known)))
      judged.push(judge(world, known, side, ids, 'reference'))
    for (const key of world.definition.matchKeys.filter(({ identity }) => identity)) {
      const keyValueOf = (reading: Reading): string | null => {
        const entry = reading.content
          ? toMatchEntry(world.definition, reading as Reading & { readonly content: Content }, null, true)
          : null
        const value = entry?.keys[key.name] ?? null
        return value === null ? null : `${entry?.within} ${value}`
      }
      for (const ids of sharing(readings, keyValueOf)) {
        // Each with its own counterpart: the systems allow it and nobody was made twice.
        if (ids.every((id) => known.linkOf(side, id))) continue
        judged.push(judge(world, known, side, ids, key.name))
      }
    }
  }
  return judged
}

/** The counterpart that a record belongs to: by its link, else by the reference that it bears. */
function claimOf(reading: Reading, known: KnownRows): string | null {
  const link = known.linkOf(reading.side, reading.id)
  if (link) return reading.side === 'erp' ? link.shopId : link.erpId
  const grave = known.gone(recordKey(reading.side, reading.id))
  return grave ? null : reading.reference
}

function sharing(readings: readonly Reading[], keyValueOf: (reading: Reading) => string | null): string[][] {
  const groups = new Map<string, string[]>()
  for (const reading of readings) {
    const value = keyValueOf(reading)
    if (value === null) continue
    const group = groups.get(value)
    if (group) group.push(reading.id)
    else groups.set(value, [reading.id])
  }
  return [...groups.values()].filter((ids) => ids.length > 1)
}

function judge(world: ComparedWorld, known: KnownRows, side: Side, ids: readonly string[], by: string): Judged {
  const keys: RecordKey[] = [...ids].sort(compareIds).map((id) => recordKey(side, id))
  const open = ids.filter((id) => !world.listed.record(recordKey(side, id)) && lastSeenAlone(known, side, id) === null)
  return { difference: { kind: 'duplicate', keys, fields: [by], mark: otherSide(side) }, isListed: open.length <= 1 }
}
