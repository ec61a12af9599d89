import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/**
 * A safeguard of the engine and the change of the source that takes it out. The workers of such a run are started from a
 * changed copy, so that the product itself holds no switch that could be left on.
 */
export interface Mutation {
  readonly name: string
  readonly what: string
  /** Every place where it works: with one of them left standing, it would only be half out. */
  readonly changes: readonly SourceChange[]
  /** The run in which it is found, where the usual one has other safeguards behind it: options, unless they are given. */
  readonly world?: Readonly<Record<string, string>>
}

export interface SourceChange {
  readonly file: string
  readonly find: string
  readonly replace: string
}

export const mutations: readonly Mutation[] = [
  {
    name: 'adoption-lookup',
    what: 'a create whose outcome is not known is repeated without looking for our reference, which would tell that it landed',
    changes: [
      {
        file: 'activities/upsert/apply-create.ts',
        find: '  if (isUncertain && !(await',
        replace: '  if (isUncertain && chunk === null && !(await',
      },
      {
        file: 'activities/match/matcher.ts',
        find: 'const other = bySide[otherSide(entry.side)]\n',
        replace: 'if (entry) return\n    const other = bySide[otherSide(entry.side)]\n',
      },
    ],
  },
  {
    name: 'echo-filter',
    what: 'own writes that come back are looked at as if somebody had made them',
    changes: [
      {
        file: 'activities/watch/drop-seen.ts',
        find: "return known !== undefined && known.seen === seen ? null : 'changed'",
        replace: "return known !== undefined && known.seen === String(seen).concat(' ') ? null : 'changed'",
      },
    ],
  },
  {
    name: 'precondition',
    what: 'a record that changed since it was decided on is written all the same',
    changes: [
      {
        file: 'activities/upsert/write-side.ts',
        find: 'const isAsKnown = current.reading.seen === input.known.seen',
        replace: 'const isAsKnown = current.reading.seen !== undefined',
      },
    ],
  },
  {
    name: 'cursor-overlap',
    what: 'a poll asks only for what is newer than the newest it has seen',
    changes: [
      {
        file: 'activities/poweroffice/change-watermarks.ts',
        find: 'export const overlapMs = 60_000',
        replace: 'export const overlapMs = 0',
      },
    ],
  },
  {
    name: 'pair-in-hand',
    what: 'two chunks may hold one record at a time',
    world: {
      '--records': '40',
      '--rate': '40',
      '--people': '4',
      '--switches': '{"patchTestOp":"ignored","latencyMs":0,"latencyJitterMs":2000}',
    },
    changes: [
      {
        file: 'workflows/engine/hand.ts',
        find: '      for (const key of keys) held.add(key)\n    },\n    letGo: (keys) => {',
        replace: '    },\n    letGo: (keys) => {\n      if (keys) return',
      },
    ],
  },
  {
    name: 'settle',
    what: 'a create whose outcome is not known is repeated at once, not ten seconds later',
    changes: [
      {
        file: 'activities/upsert/apply-park.ts',
        find: 'export const SETTLE_MS = 10_000',
        replace: 'export const SETTLE_MS = 0',
      },
    ],
  },
  {
    name: 'tick-check',
    what: 'an attempt that was asleep goes on writing when it wakes',
    changes: [
      {
        file: 'activities/heartbeat.ts',
        find: 'if (late || hasGap())',
        replace: 'if (late && hasGap() && words === null)',
      },
    ],
  },
  {
    name: 'seen-and-base',
    what: 'what a side shows after a write counts as agreed on, whoever made it',
    changes: [
      {
        file: 'activities/upsert/linked-row.ts',
        find: 'const [erpAgreed, shopAgreed] = [erpStrange ? erpExpected : erpNow, shopStrange ? shopExpected : shopNow]',
        replace: 'const [erpAgreed, shopAgreed] = [erpNow, shopNow]',
      },
    ],
  },
]

const root = fileURLToPath(new URL('../', import.meta.url))
const folders = ['flows', 'workflows', 'activities', 'worker', 'client']

/**
 * A copy of the product without the safeguard, in `folder`.
 * @returns its root, for starting workers
 * @throws Error when the source no longer holds what the mutation changes exactly once
 */
export function mutatedCopy(mutation: Mutation, folder: string): URL {
  const copy = join(folder, `without-${mutation.name}`)
  mkdirSync(copy, { recursive: true })
  for (const name of folders) cpSync(join(root, name), join(copy, name), { recursive: true })
  cpSync(join(root, 'package.json'), join(copy, 'package.json'))
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  for (const change of mutation.changes) {
    const file = join(copy, change.file)
    writeFileSync(file, mutated(mutation.name, change, readFileSync(file, 'utf8')))
  }
  return pathToFileURL(`${copy}/`)
}

/** @throws Error when `find` does not stand in the source exactly once */
export function mutated(name: string, { file, find, replace }: SourceChange, source: string): string {
  const places = source.split(find).length - 1
  if (places !== 1)
    throw new Error(
      `The mutation ${name} finds its place in ${file} ${places} times, not once: mend chaos/mutations.ts.`,
    )
  return source.replace(find, replace)
}
