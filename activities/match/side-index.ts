import type { Side } from '../../flows/side.ts'
import type { MatchEntry } from './match-entry.ts'

/** What matching asks of one side. */
export interface EntriesOfSide {
  readonly side: Side
  get(id: string): MatchEntry | undefined
  entries(): Iterable<MatchEntry>
  /** Entries that have this key with this value, within one kind. */
  withKey(keyName: string, within: string, value: string): Iterable<MatchEntry>
  /** Entries whose own reference names this record of the other side. */
  naming(otherId: string): Iterable<MatchEntry>
}

/** All entries of one side by id, key and reference. Lives in one process; every operation is a few Map accesses. */
export interface SideIndex extends EntriesOfSide {
  readonly size: number
  /** Adds the entry, in place of an earlier one with its id. */
  put(entry: MatchEntry): void
  remove(id: string): void
}

export function createSideIndex(side: Side, entries: Iterable<MatchEntry> = []): SideIndex {
  const byId = new Map<string, MatchEntry>()
  const byPlace = new Map<string, Place>()

  function remove(id: string): void {
    const entry = byId.get(id)
    if (!entry) return
    byId.delete(id)
    for (const place of placesOf(entry)) leave(byPlace, place, id)
  }

  function put(entry: MatchEntry): void {
    remove(entry.id)
    byId.set(entry.id, entry)
    for (const place of placesOf(entry)) enter(byPlace, place, entry)
  }

  for (const entry of entries) put(entry)
  return {
    side,
    get size() {
      return byId.size
    },
    get: (id) => byId.get(id),
    entries: () => byId.values(),
    withKey: (keyName, within, value) => occupantsOf(byPlace.get(keyPlace(keyName, within, value))),
    naming: (otherId) => occupantsOf(byPlace.get(referencePlace(otherId))),
    put,
    remove,
  }
}

/** Most key values are held once, so that one needs no Map of its own: a third of the memory at 100,000 records. */
type Place = MatchEntry | Map<string, MatchEntry>

function enter(byPlace: Map<string, Place>, name: string, entry: MatchEntry): void {
  const place = byPlace.get(name)
  if (place === undefined) byPlace.set(name, entry)
  else if (place instanceof Map) place.set(entry.id, entry)
  else byPlace.set(name, new Map([place, entry].map((occupant) => [occupant.id, occupant])))
}

function leave(byPlace: Map<string, Place>, name: string, id: string): void {
  const place = byPlace.get(name)
  if (place instanceof Map) {
    place.delete(id)
    if (place.size === 0) byPlace.delete(name)
  } else if (place?.id === id) byPlace.delete(name)
}

function occupantsOf(place: Place | undefined): Iterable<MatchEntry> {
  if (place === undefined) return []
  return place instanceof Map ? place.values() : [place]
}

function placesOf(entry: MatchEntry): string[] {
  const places = entry.reference === null ? [] : [referencePlace(entry.reference)]
  if (entry.within === null) return places
  for (const [keyName, value] of Object.entries(entry.keys)) {
    if (value !== null) places.push(keyPlace(keyName, entry.within, value))
  }
  return places
}

// No canonical value is ambiguous here: key names and kinds come from the definition and hold no line break.
function keyPlace(keyName: string, within: string, value: string): string {
  return `${keyName}\n${within}\n${value}`
}

function referencePlace(otherId: string): string {
  return `\n${otherId}`
}
