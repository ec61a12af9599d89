import type {
  CanonicalType,
  ConflictRule,
  CreationPolicy,
  Direction,
  FieldDefinition,
  FlowDefinition,
  MatchKey,
  SideMapping,
} from './flow-definition.ts'
import { type Side, sides } from './side.ts'

/**
 * docs/dataflow.md, made from the definitions themselves, so that the page cannot promise what the code does not do
 * (docs/generate-dataflow.ts writes it, test/dataflow-document.test.ts holds it to the definitions). Pure.
 */
export function dataflowDocument(flows: readonly FlowDefinition[]): string {
  return `${[...introduction, ...flows.flatMap(flowSection)].join('\n\n')}\n`
}

const systemNames: Readonly<Record<Side, string>> = { erp: 'PowerOffice', shop: 'the webshop' }

const directionWords: Readonly<Record<Direction, string>> = {
  both: 'both',
  toShop: '-> webshop',
  toErp: '-> PowerOffice',
  atCreation: 'at creation',
}

const conflictWords: Readonly<Record<ConflictRule, string>> = {
  latest: 'latest',
  erp: 'PowerOffice',
  shop: 'webshop',
  ask: 'ask',
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
    '  both values stand and a person decides. Whatever is settled is counted, never silent.',
    '- Clearing a value is an edit like any other (rule 3). Equal content writes nothing (rule 6).',
  ].join('\n'),
]

function flowSection(flow: FlowDefinition): string[] {
  return [
    `## ${flow.title}`,
    flow.promise,
    `\`${flow.name}\`, definition version ${flow.version}: \`${flow.erpCollection}\` of PowerOffice and \`${flow.shopCollection}\` of the webshop whose ${code(flow.shopKinds.field)} is ${anyOf(flow.shopKinds.values)}.`,
    fieldTable(flow),
    ...fieldPromises(flow),
    '### Matching, before anything is created',
    matchRules(flow),
    '### Creating',
    creationRules(flow),
    '### Deleting',
    deletionRules(flow),
  ]
}

// --- the table --------------------------------------------------------------------------------------------------------

function fieldTable(flow: FlowDefinition): string {
  const head = ['field', 'PowerOffice', 'type', 'webshop', 'type', 'direction', 'both edited']
  const rows = flow.fields.map((field) => [
    field.name,
    propertyOf(field.erp),
    typeOf(field, 'erp'),
    propertyOf(field.shop),
    typeOf(field, 'shop'),
    directionWords[field.direction],
    conflictWords[field.conflict],
  ])
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map(cell).join(' | ')} |`).join('\n')
}

function propertyOf(mapping: SideMapping): string {
  if ('path' in mapping) return code(mapping.path)
  if ('parts' in mapping) return Object.values(mapping.parts).map(code).join(', ')
  return `${mapping.allOf.map(booleanProperty).join(' and ')}; written: ${booleanProperty(mapping.writes)}`
}

function booleanProperty(path: string): string {
  return path.startsWith('!') ? `not ${code(path.slice(1))}` : code(path)
}

/** The type as the canonical rule knows it, in the spelling of the side where the two differ. */
function typeOf(field: FieldDefinition, side: Side): string {
  const mapping = field[side]
  if ('path' in mapping && mapping.values) {
    const spellings = Object.entries(mapping.values).map(([vendor, canonical]) =>
      vendor === canonical ? code(vendor) : `${code(vendor)} = ${canonical}`,
    )
    return `${typeWords[field.type]}: ${spellings.join(', ')}`
  }
  if (field.type === 'integer') return side === 'erp' ? 'integer' : 'integer, as text'
  return 'parts' in mapping ? `${typeWords[field.type]} (one group)` : typeWords[field.type]
}

const typeWords: Readonly<Record<CanonicalType, string>> = {
  string: 'string',
  text: 'text',
  email: 'e-mail',
  phone: 'phone',
  organisationNumber: 'organisation number',
  url: 'url',
  integer: 'integer',
  boolean: 'boolean',
  enum: 'enum',
  address: 'address',
  names: 'names',
}

// --- what the table alone does not say --------------------------------------------------------------------------------

function fieldPromises(flow: FlowDefinition): string[] {
  const lines = flow.fields.flatMap((field) => {
    const sentences = sentencesOf(field)
    return sentences.length === 0 ? [] : [`- **${field.name}**: ${sentences.join(' ')}`]
  })
  return lines.length === 0 ? [] : ['### Of single fields', lines.join('\n')]
}

function sentencesOf(field: FieldDefinition): string[] {
  const sentences: string[] = []
  if (field.promise) sentences.push(field.promise)
  if (field.appliesWhen) sentences.push(`Only where ${isValue(field.appliesWhen)}.`)
  if (field.requiredOn && field.requiredOn.length > 0)
    sentences.push(
      `Required by ${field.requiredOn.map((side) => systemNames[side]).join(' and ')}: clearing it is listed, not sent (rule 8).`,
    )
  for (const side of sides) {
    const longest = field.maxLength?.[side]
    if (longest !== undefined)
      sentences.push(`Longer than ${longest} characters it is withheld from ${systemNames[side]} and listed (rule 9).`)
  }
  if (field.receivingEdit === 'leave')
    sentences.push('An edit on the receiving side stands until the owner’s value moves (rule 7).')
  return sentences
}

// --- matching, creating, deleting -------------------------------------------------------------------------------------

function matchRules(flow: FlowDefinition): string {
  const across = flow.neverMatchAcross.map(
    (field) => `Two records whose ${code(field)} is filled on both sides and differs are never a match.`,
  )
  return [
    `Always within one ${code(flow.matchWithin)}, in this order:`,
    '',
    ...['the reference that one of the two names in our spelling (rule 12)', ...flow.matchKeys.map(matchKeyWords)].map(
      (words, index) => `${index + 1}. ${words}`,
    ),
    '',
    [
      'A key that is empty on either side, or not unique on both, does not match: the candidates are listed as ambiguous (rule 1).',
      ...across,
    ].join(' '),
  ].join('\n')
}

function matchKeyWords(key: MatchKey): string {
  const conditions: string[] = []
  if (key.when) conditions.push(`only where ${isValue(key.when)}`)
  if (key.valid) conditions.push(`only valid ${plural(typeWords[key.valid])}`)
  if (key.together)
    conditions.push(
      `together with ${code(`${key.together.group}.${key.together.part}`)} (empty equals ${code(key.together.emptyEquals)})`,
    )
  if (key.confirmedBy) conditions.push(`only when ${anyOf(key.confirmedBy)} agrees too`)
  if (key.unlessBothHave)
    conditions.push(
      `where ${isValue(key.unlessBothHave.onRecordsWhere)}, only if one side has no ${code(key.unlessBothHave.field)}`,
    )
  return [code(key.field), ...conditions].join('; ')
}

function creationRules(flow: FlowDefinition): string {
  const policies: Readonly<Record<CreationPolicy, string>> = {
    always: 'created from the other side’s when nothing matches.',
    never: 'never created by the sync; a record without counterpart is out of scope.',
  }
  return [
    ...sides.map((side) => `- In ${systemNames[side]} a ${flow.recordName} is ${policies[flow.creation[side]]}`),
    `- One where ${isValue(flow.dormantWhen)} when it is first seen is linked if it matches and not created (rule 4a).`,
  ].join('\n')
}

function deletionRules(flow: FlowDefinition): string {
  const inErp: Readonly<Record<FlowDefinition['onDelete']['erp'], string>> = {
    archiveInShop: `Deleted in PowerOffice, it is listed; once a person approves, the webshop’s is archived (${code(flow.archiveField)} becomes false).`,
  }
  const inShop: Readonly<Record<FlowDefinition['onDelete']['shop'], string>> = {
    unlink: 'Deleted in the webshop, the link ends and PowerOffice’s is left alone.',
  }
  return [
    `- ${inErp[flow.onDelete.erp]}`,
    `- ${inShop[flow.onDelete.shop]}`,
    '- What was deleted is not created again unless a person asks for it.',
  ].join('\n')
}

// --- words ------------------------------------------------------------------------------------------------------------

function isValue({ field, equals }: { readonly field: string; readonly equals: string }): string {
  return `${code(field)} is ${code(equals)}`
}

function anyOf(names: readonly string[]): string {
  const last = names.at(-1)
  if (last === undefined) return ''
  return names.length === 1 ? code(last) : `${names.slice(0, -1).map(code).join(', ')} or ${code(last)}`
}

function plural(words: string): string {
  return `${words}s`
}

function code(text: string): string {
  return `\`${text}\``
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|')
}
