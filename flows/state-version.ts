/**
 * The version of what a flow carries from run to run (`v` in its state), and of what a leaf of its memory does. Raised with
 * every change of the shape, together with a step in `workflows/engine/upgrade-state.ts` or `workflows/memory/upgrade-leaf.ts`
 * and a recorded state in `test/states/`.
 */
export const FLOW_STATE_VERSION = 3
export const LEAF_STATE_VERSION = 1

/**
 * Why a state of that version cannot be gone on with, in a sentence; null: it can. One of a later release may hold what this
 * code would drop without a word.
 */
export function tooNew(what: string, version: unknown, known: number): string | null {
  if (typeof version === 'number' && Number.isInteger(version) && version >= 1 && version <= known) return null
  return `The state of ${what} has version ${String(version)}, and this code knows versions 1 to ${known}: run the release that wrote it, or a later one.`
}
