/** How many linked rows leaves hold, by their numbers, and since when each count stands: answers come in any order. */
export interface LinkCounts {
  readonly linked: Readonly<Record<number, number>>
  /** A leaf's own clock, which never stands still and never goes back; absent from leaves that an earlier version serves. */
  readonly linkedAt?: Readonly<Record<number, number>>
}

/** Both together: of two counts of a leaf the newer one, and what was brought later where nobody knows. Pure. */
export function newestCounts(
  known: LinkCounts,
  brought: LinkCounts,
): LinkCounts & Required<Pick<LinkCounts, 'linkedAt'>> {
  const linked = { ...known.linked }
  const linkedAt = { ...known.linkedAt }
  for (const [shard, count] of Object.entries(brought.linked)) {
    const number = Number(shard)
    const at = brought.linkedAt?.[number]
    if (at !== undefined && at < (linkedAt[number] ?? 0)) continue
    linked[number] = count
    if (at === undefined) delete linkedAt[number]
    else linkedAt[number] = at
  }
  return { linked, linkedAt }
}

/** One leaf's count, as its answer says. */
export function countsOf(shard: number, { linked, linkedAt }: { linked: number; linkedAt?: number }): LinkCounts {
  return { linked: { [shard]: linked }, linkedAt: linkedAt === undefined ? {} : { [shard]: linkedAt } }
}
