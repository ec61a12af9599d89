import type { FieldNote } from './decision.ts'
import { hashAt, NO_HASH } from './field-hashes.ts'
import type { TriedWrites } from './row.ts'
import { otherSide, type Side, sides } from './side.ts'

/**
 * What the sides agreed on by a write of ours whose answer was lost, if it landed: the side that was to be written shows
 * the value, which the other side had shown before. null: nothing of the kind was tried, or it did not land.
 */
export function landedWrite(
  tried: TriedWrites | undefined,
  index: number,
  now: Readonly<Record<Side, string>>,
): string | null {
  const side = landedOn(tried, index, now)
  return side === null ? null : now[side]
}

/** Letters of what a write settles by taking a value out: what is to be told once it is known to have landed. */
const letters = { c: 'conflict', f: 'firstAgreement', r: 'reverted' } as const satisfies Record<
  string,
  FieldNote['kind']
>

/** The letter of what a decision has to tell of a field; `-`: nothing. */
export function letterFor(notes: readonly FieldNote[], field: string): string {
  const kinds = new Set(notes.filter((note) => note.field === field).map((note) => note.kind))
  return Object.entries(letters).find(([, kind]) => kinds.has(kind))?.[0] ?? '-'
}

/** What nobody was told of a write that landed, since its answer was lost; null: there is nothing to tell. */
export function noteOfLanded(
  tried: TriedWrites | undefined,
  index: number,
  now: Readonly<Record<Side, string>>,
): Omit<FieldNote, 'field'> | null {
  const side = landedOn(tried, index, now)
  const letter = tried?.[2]?.[index]
  if (side === null || letter === undefined || !(letter in letters)) return null
  return {
    kind: letters[letter as keyof typeof letters],
    winner: otherSide(side),
    detail: 'the answer to the write that settled it was lost; the write was found done later',
  }
}

/**
 * What the sides agreed on, where a write was tried and is not found as it was tried: the side that was to be written may spell
 * it in its own way. The other side had shown the value that was tried, so it was edited since, even if it is back at what was
 * agreed on before.
 */
export function basesSinceTried(
  tried: TriedWrites | undefined,
  index: number,
  now: Readonly<Record<Side, string>>,
  agreed: Readonly<Record<Side, string>>,
): Readonly<Record<Side, string>> {
  if (tried === undefined) return agreed
  for (const [place, side] of sides.entries()) {
    const hash = hashAt(tried[place] ?? '', index)
    const source = otherSide(side)
    const isBack = hash !== NO_HASH && now[side] !== agreed[side] && now[source] === agreed[source]
    if (isBack && now[source] !== hash) return { ...agreed, [source]: hash }
  }
  return agreed
}

function landedOn(tried: TriedWrites | undefined, index: number, now: Readonly<Record<Side, string>>): Side | null {
  if (tried === undefined) return null
  for (const [place, side] of sides.entries()) {
    const hash = hashAt(tried[place] ?? '', index)
    if (hash !== NO_HASH && hash === now[side]) return side
  }
  return null
}
