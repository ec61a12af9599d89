/** Where the numbers given so far are kept; 0 for none. */
export interface KeptSequences {
  read(name: string): number
  write(name: string, value: number): void
}

export interface Sequences {
  next(name: string): number
  /** Keeps what was given since the last time: before a commit, else it could be given again after a restart. */
  store(): void
  /** After a rollback: what was given with it is given again, as the database has it. */
  forget(): void
}

/** Counts in memory, and touches what is kept once a transaction: a bulk insert takes two ids a record. */
export function createSequences(kept: KeptSequences): Sequences {
  const values = new Map<string, number>()
  const unstored = new Set<string>()
  return {
    next(name) {
      const value = (values.get(name) ?? kept.read(name)) + 1
      values.set(name, value)
      unstored.add(name)
      return value
    },
    store() {
      for (const name of unstored) kept.write(name, values.get(name) ?? 0)
      unstored.clear()
    },
    forget() {
      values.clear()
      unstored.clear()
    },
  }
}
