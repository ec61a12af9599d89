import { fieldPromises } from './document/field-promises.ts'
import { fieldTable } from './document/field-table.ts'
import { listRules } from './document/list-rules.ts'
import { recordRules } from './document/record-rules.ts'
import { allOf, anyOf, code } from './document/words.ts'
import type { FlowDefinition } from './flow-definition.ts'

/**
 * docs/dataflow.md, made from the definitions themselves, so that the page cannot promise what the code does not do
 * (docs/generate-dataflow.ts writes it, test/dataflow-document.test.ts holds it to the definitions). Pure.
 */
export function dataflowDocument(flows: readonly FlowDefinition[]): string {
  return `${[...introduction, ...flows.flatMap(flowSection)].join('\n\n')}\n`
}

const introduction: readonly string[] = [
  '# The dataflows',
  '<!-- Made from flows/ by `node --import tsx docs/generate-dataflow.ts`. Edit the definitions, not this page. -->',
  'What is kept equal, field by field. Rules are numbered in [rules.md](rules.md).',
  [
    '- *Direction*: which way edits travel once two records are linked. `both`: either way. `->`: one way only; an edit on',
    '  the receiving side is put back once, a second one within the hour is listed (rule 7). `at creation`: written with the',
    '  record; a later difference is listed.',
    '- *Both edited*: what happens when both sides changed the field since they last agreed. `latest`: the later edit is',
    '  kept, and PowerOffice’s where that cannot be told (rule 5). `PowerOffice`, `webshop`: that side’s value is kept. `ask`:',
    '  both values stand and a person decides; of a one-way field the receiving side’s value stands when the two are linked.',
    '  `by lock`: PowerOffice’s once it has locked the record, else the webshop’s. Whatever is settled is counted, never silent.',
    '- *Type*: both sides are brought into one form before they are compared. `decimal`: exact digits, never a float.',
    '  `reference`: the linked record of the flow that is named; it waits, listed, until there is a link. `date`: the day in Oslo.',
    '  `GTIN`: 8, 12, 13 or 14 digits, compared padded to 14. A group’s parts move together.',
    '- Clearing a value is an edit like any other (rule 3). Equal content writes nothing (rule 6).',
  ].join('\n'),
]

function flowSection(flow: FlowDefinition): string[] {
  return [
    `## ${flow.title}`,
    flow.promise,
    `\`${flow.name}\`, definition version ${flow.version}: \`${flow.erpCollection}\` of PowerOffice and \`${flow.shopCollection}\` of the webshop${ofKinds(flow)}.${startWords(flow)}`,
    fieldTable(flow),
    ...fieldPromises(flow),
    ...(flow.listOf ? listRules(flow.listOf, flow) : recordRules(flow)),
  ]
}

function ofKinds({ shopKinds }: FlowDefinition): string {
  return shopKinds === null ? '' : ` whose ${code(shopKinds.field)} is ${anyOf(shopKinds.values)}`
}

function startWords({ after }: FlowDefinition): string {
  return after ? ` It starts once the first load of ${allOf(after)} has ended.` : ''
}
