import type { FlowDefinition, SideMapping } from '../../flows/flow-definition.ts'

/**
 * The flow as findAbsentProperty is to look at the rows of one list: a composed property is named by what it is made of.
 * `null` takes a field out: nothing on those rows must carry it.
 */
export function checkedDefinition(
  flow: FlowDefinition,
  madeOf: Readonly<Record<string, string | null>>,
): FlowDefinition {
  return {
    ...flow,
    fields: flow.fields.flatMap((field) => {
      const erp = shownAs(field.erp, madeOf)
      return erp ? [{ ...field, erp }] : []
    }),
  }
}

function shownAs(mapping: SideMapping, madeOf: Readonly<Record<string, string | null>>): SideMapping | null {
  if ('parts' in mapping) {
    const first = Object.values(mapping.parts)[0]?.split('.')[0] ?? ''
    const path = madeOf[first]
    return path === undefined ? mapping : path === null ? null : { path }
  }
  if (!('path' in mapping)) return mapping
  const path = madeOf[mapping.path]
  if (path === undefined) return mapping
  return path === null ? null : { path }
}
