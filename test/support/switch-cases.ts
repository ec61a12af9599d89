import type { SwitchRequest } from '../../sandbox/poweroffice/settings.ts'
import { switchGroups } from '../switch-facts/all-switches.ts'
import { isHiddenBy } from '../switch-facts/hidden-switches.ts'
import { notSeenYet } from '../switch-facts/not-seen-yet.ts'
import type { Position, SwitchEvent, Sync } from '../switch-facts/switch-facts.ts'

/** One round of the world: what is set and happens in it, and what is said of the sync. */
export interface SwitchCase {
  /** `listOrder shuffled`, as many as the round proves. */
  readonly positions: readonly string[]
  readonly set: SwitchRequest
  readonly events: readonly SwitchEvent[]
  readonly sync: Sync
}

/** A round for each position that docs/switches.md names. */
export function eachAlone(): SwitchCase[] {
  return switchGroups.flatMap(({ switches }) =>
    Object.entries(switches).flatMap(([name, { positions }]) =>
      Object.entries(positions).map(([word, position]) => caseOf(name, word, position)),
    ),
  )
}

/**
 * The same positions in few rounds: each joins the smallest round whose settings leave its own alone, that says the same kind
 * of thing of the sync, and in which nothing hides what it does.
 */
export function inGroups(): SwitchCase[] {
  const groups: SwitchCase[] = []
  for (const one of eachAlone()) {
    const [group] = groups
      .filter((candidate) => goTogether(candidate, one))
      .sort((a, b) => a.positions.length - b.positions.length)
    if (group) groups[groups.indexOf(group)] = joined(group, one)
    else groups.push(one)
  }
  return groups
}

/** Those of the rounds all of whose positions were seen to hold. */
export function seenInGroups(): SwitchCase[] {
  return inGroups().filter(({ positions }) => positions.every((position) => !notSeenYet.includes(position)))
}

/**
 * The same rounds in the order in which one world goes through them. A clock that is set back undoes what its hour brought: an
 * invoice of a round before would be on its way again (afterInvoicingMs). So that round comes before there is any.
 */
export function inOneWorld(rounds: readonly SwitchCase[]): SwitchCase[] {
  const setsClockBack = ({ set }: SwitchCase) => (set.clockSkewMs ?? 0) < 0
  return [...rounds.filter(setsClockBack), ...rounds.filter((round) => !setsClockBack(round))]
}

function caseOf(name: string, word: string, { set, event, sync }: Position): SwitchCase {
  return {
    positions: [`${name} ${word}`],
    set: set ?? { [name]: word === 'true' ? true : word },
    events: event === undefined ? [] : [event],
    sync,
  }
}

function goTogether(group: SwitchCase, one: SwitchCase): boolean {
  if (group.sync.kind !== one.sync.kind || one.sync.kind === 'waits') return false
  const both = { ...group.set, ...one.set }
  const isKept = (set: SwitchRequest) =>
    Object.entries(set).every(([name, value]) => both[name as keyof SwitchRequest] === value)
  return isKept(group.set) && !isHiddenBy(group, one) && !isHiddenBy(one, group)
}

function joined(group: SwitchCase, one: SwitchCase): SwitchCase {
  return {
    positions: [...group.positions, ...one.positions],
    set: { ...group.set, ...one.set },
    events: [...new Set([...group.events, ...one.events])],
    sync: joinedSync(group.sync, one.sync),
  }
}

function joinedSync(group: Sync, one: Sync): Sync {
  if (group.kind !== 'lists' || one.kind !== 'lists') return group
  const more = one.listed.filter(({ what }) => group.listed.every((other) => other.what !== what))
  return { ...group, listed: [...group.listed, ...more] }
}
