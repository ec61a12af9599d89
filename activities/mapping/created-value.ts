import type { FieldDefinition } from '../../flows/flow-definition.ts'
import type { Side } from '../../flows/side.ts'

/** The canonical value that a new record on `side` is given whatever its counterpart shows; undefined: its counterpart's. */
export function createdValue(field: FieldDefinition, side: Side): string | undefined {
  return field.createdAs?.[side]
}
