import type { FieldNote } from '../../flows/decision.ts'
import type { Side } from '../../flows/side.ts'
import { nameOfSide } from '../reading/side-state.ts'

/** Values by field name; null is empty. */
type Values = Readonly<Record<string, string | null>>

/**
 * Fields that were to be cleared and show after the write just what they showed before: the system said yes and kept the value
 * (sandbox/poweroffice/README.md, patchNullClears). That is no spelling of what was written, so it must not count as agreed (rule 8).
 * @param cleared fields that were sent as empty
 */
export function ignoredClears(
  side: Side,
  cleared: readonly string[],
  shown: { readonly before: Values; readonly after: Values },
): FieldNote[] {
  return cleared
    .filter((field) => (shown.before[field] ?? null) !== null && shown.after[field] === shown.before[field])
    .map((field) => ({
      field,
      kind: 'withheld',
      detail: `${field} was cleared, and ${nameOfSide(side)} keeps its value all the same; both stand.`,
    }))
}
