import type { FlowDefinition } from '../flow-definition.ts'
import { code, withArticle } from './words.ts'

/** Items are linked within their records, and made and removed as an edit of them. */
export function listRules({ parent, order }: NonNullable<FlowDefinition['listOf']>, flow: FlowDefinition): string[] {
  const record = withArticle(flow.recordName)
  return [
    '### A nested list',
    [
      `- The unit of work is the list of one ${flow.recordName}, in the order of ${code(order.erp)} in PowerOffice and ${code(order.shop)} in the webshop. Places are compared by rank: whether numbers begin at 0 or 1, or leave gaps, says nothing.`,
      `- Which lists belong together is known from ${code(parent)}; the lists of ${record} that is not linked are nobody’s.`,
      '- Within two lists, an item belongs to the one that it was made from. Items are never matched by what they say.',
      `- A new ${flow.recordName} is created together with its list. Afterwards an item added, removed or moved on one side is so on the other; one that was removed here and edited there is listed.`,
      `- All items gone at once is not an edit: it is treated as ${record} that vanished (rule 13).`,
    ].join('\n'),
  ]
}
