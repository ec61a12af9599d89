import type { JsonValue } from '../../flows/json.ts'
import type { JsonObject } from '../connector.ts'

/**
 * Whether PowerOffice takes JSON Patch `test` operations is not documented (sandbox/poweroffice/README.md, patchTestOp). They
 * are sent until a patch with true tests is refused and the same patch without them is not: enforced, they close the
 * window between read and write; ignored, they do no harm.
 */
export interface PatchTests {
  areSent(): boolean
  stopSending(): void
}

export function createPatchTests(): PatchTests {
  let sent = true
  return {
    areSent: () => sent,
    stopSending: () => {
      sent = false
    },
  }
}

export interface Patch {
  readonly operations: readonly JsonObject[]
  /** Properties whose old value PowerOffice is asked to compare. */
  readonly tested: readonly string[]
}

/** PascalCase paths and replace only: camelCase paths were seen to be ignored in silence (sandbox/poweroffice/README.md). */
export function patchOf(
  current: JsonObject,
  body: JsonObject,
  withTests: boolean,
  neverTested: readonly string[] = [],
): Patch {
  // Flags are not tested: one that PowerOffice does not show is read as its documented default, and would never compare.
  const isTested = (name: string) => isComparable(current[name]) && !neverTested.includes(name)
  const tested = withTests ? Object.keys(body).filter(isTested) : []
  const operations = [
    ...tested.map((name) => ({ op: 'test', path: `/${name}`, value: current[name] ?? null })),
    ...Object.entries(body).map(([name, value]) => ({ op: 'replace', path: `/${name}`, value })),
  ]
  return { operations, tested }
}

export function hasChangedSinceRead(current: JsonObject, now: JsonObject, tested: readonly string[]): boolean {
  return tested.some((name) => current[name] !== now[name])
}

function isComparable(value: JsonValue | undefined): boolean {
  return value === null || typeof value === 'string' || typeof value === 'number'
}
