import { type FlowDefinition, fieldNamed } from '../../flows/flow-definition.ts'
import type { Content } from '../../flows/reading.ts'
import type { Side } from '../../flows/side.ts'
import { decodeParts } from '../canonical/group.ts'

/** Labels stand in inbox entries, of which a flow's state holds 200: long names are cut. */
const longestLabel = 80

/** How people call a record: the first of the flow's label fields that says something, else its id. */
export function labelOf(definition: FlowDefinition, side: Side, content: Content, id: string): string {
  for (const name of definition.labelFields) {
    const label = textOf(definition, side, content, name)
    if (label !== '') return label.length > longestLabel ? `${label.slice(0, longestLabel - 1)}…` : label
  }
  return id
}

/** As people typed it; the parts of a group in the order of the definition. */
function textOf(definition: FlowDefinition, side: Side, content: Content, name: string): string {
  const canonical = content.canonical[name] ?? null
  if (canonical === null) return ''
  const mapping = fieldNamed(definition, name)[side]
  if (!('parts' in mapping)) return String(content.written[name] ?? canonical)
  const parts = decodeParts(canonical)
  return Object.keys(mapping.parts)
    .map((part) => parts[part] ?? '')
    .filter((part) => part !== '')
    .join(' ')
}
