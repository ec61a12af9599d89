import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../states/', import.meta.url))

export type StateKind = 'flow' | 'leaf'

export function stateFile(kind: StateKind, version: number): string {
  return `${folder}v${version}-${kind}.json`
}

export function typesFile(kind: StateKind, version: number): string {
  return `${folder}v${version}-${kind}.types.json`
}

/** The recorded state of that version; none is an error: each version that was ever released must go on. */
export function recordedState(kind: StateKind, version: number): Readonly<Record<string, unknown>> {
  const path = stateFile(kind, version)
  if (!existsSync(path)) throw new Error(`there is no recorded state ${path}: see test/states/README.md`)
  return JSON.parse(readFileSync(path, 'utf8')) as Readonly<Record<string, unknown>>
}

/** 1, 2, 3 … up to the present version. */
export function versionsUpTo(present: number): number[] {
  return Array.from({ length: present }, (_, index) => index + 1)
}

/** Objects whose keys are data: another key in them is another value. */
const maps = new Set(['outcomes', 'notes', 'linked', 'emptied', 'creation', 'definition'])

/**
 * How a state differs in shape from a recorded one: members that came, went, or hold something else. What is null or empty on
 * either side fits anything.
 */
export function shapeDifferences(recorded: unknown, present: unknown, path = ''): string[] {
  if (recorded === null || present === null) return []
  const [before, now] = [kindOf(recorded), kindOf(present)]
  if (before !== now) return [`${path}: ${before} became ${now}`]
  if (Array.isArray(recorded) && Array.isArray(present)) {
    if (recorded.length === 0 || present.length === 0) return []
    return present.flatMap((item: unknown) => {
      // An entry may be any of those that were recorded: the nearest one is compared.
      const differences = recorded.map((other: unknown) => shapeDifferences(other, item, `${path}[]`))
      return differences.reduce((least, some) => (some.length < least.length ? some : least))
    })
  }
  if (before !== 'object') return []
  const [old, next] = [recorded as Record<string, unknown>, present as Record<string, unknown>]
  if (maps.has(path.split('.').at(-1) ?? '')) return []
  const names = [...new Set([...Object.keys(old), ...Object.keys(next)])].sort()
  return names.flatMap((name) => {
    const own = path === '' ? name : `${path}.${name}`
    if (!(name in old)) return [`${own}: came`]
    if (!(name in next)) return [`${own}: went`]
    return shapeDifferences(old[name], next[name], own)
  })
}

function kindOf(value: unknown): string {
  return Array.isArray(value) ? 'list' : typeof value
}
