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

/** Beyond this, an enum's values would burst the table; how many there are is said instead. */
const mostValuesInTable = 12

const conflictWords: Readonly<Record<ConflictRule, string>> = {
  latest: 'latest',
  erp: 'PowerOffice',
  shop: 'webshop',
  ask: 'ask',
  byLock: 'by lock',
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

function recordRules(flow: FlowDefinition): string[] {
  return [
    '### Matching, before anything is created',
    matchRules(flow),
    '### Creating',
    creationRules(flow),
    '### Deleting',
    deletionRules(flow),
  ]
}

/** Items are linked within their records, and made and removed as an edit of them. */
function listRules({ parent, order }: NonNullable<FlowDefinition['listOf']>, flow: FlowDefinition): string[] {
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
  if ('path' in mapping) {
    return mapping.writes === undefined ? code(mapping.path) : `${code(mapping.path)}; written: ${code(mapping.writes)}`
  }
  if ('constant' in mapping) return `always ${code(mapping.constant)}`
  if ('parts' in mapping) return Object.values(mapping.parts).map(code).join(', ')
  const shown = mapping.allOf.map(booleanProperty).join(' and ')
  const written = booleanProperty(mapping.writes)
  return shown === written ? shown : `${shown}; written: ${written}`
}

function booleanProperty(path: string): string {
  return path.startsWith('!') ? `not ${code(path.slice(1))}` : code(path)
}

/** The type as the canonical rule knows it, in the spelling of the side where the two differ. */
function typeOf(field: FieldDefinition, side: Side): string {
  const mapping = field[side]
  if ('path' in mapping && mapping.values) return `${typeWords[field.type]}${enumWords(mapping.values)}`
  switch (field.type) {
    case 'integer':
      return side === 'erp' ? 'integer' : 'integer, as text'
    case 'decimal': {
      const scale = field.scale === undefined ? '' : `, up to ${field.scale} decimals`
      return side === 'erp' ? `decimal${scale}` : `decimal${scale}, as text`
    }
    case 'reference':
      return field.refersTo === undefined ? 'reference' : `reference to ${code(field.refersTo)}`
    default:
      return 'parts' in mapping ? `${typeWords[field.type]} (one group)` : typeWords[field.type]
  }
}

function enumWords(values: Readonly<Record<string, string>>): string {
  const spellings = Object.entries(values)
  if (spellings.length > mostValuesInTable) {
    const others = otherSpellings(values).length
    return ` of ${new Set(Object.values(values)).size} values${others === 0 ? '' : `, ${others} more spellings are understood`}`
  }
  return `: ${spellings
    .map(([vendor, canonical]) => (vendor === canonical ? code(vendor) : `${code(vendor)} = ${canonical}`))
    .join(', ')}`
}

/** Spellings that are read and never written, since another one of the same value goes first. */
function otherSpellings(values: Readonly<Record<string, string>>): (readonly [string, string])[] {
  const written = new Map<string, string>()
  for (const [vendor, canonical] of Object.entries(values)) if (!written.has(canonical)) written.set(canonical, vendor)
  return Object.entries(values).filter(([vendor, canonical]) => written.get(canonical) !== vendor)
}

const typeWords: Readonly<Record<CanonicalType, string>> = {
  string: 'string',
  text: 'text',
  email: 'e-mail',
  phone: 'phone',
  organisationNumber: 'organisation number',
  url: 'url',
  integer: 'integer',
  decimal: 'decimal',
  gtin: 'GTIN',
  date: 'date',
  boolean: 'boolean',
  enum: 'enum',
  reference: 'reference',
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
  const { appliesWhen, requiredOn = [] } = field
  return [
    ...(field.promise ? [field.promise] : []),
    ...(appliesWhen ? [`Only where ${isValue(appliesWhen)}.`] : []),
    ...sides.flatMap((side) => spellingSentence(field, side)),
    ...(requiredOn.length > 0
      ? [`Required by ${allOf(requiredOn.map((side) => systemNames[side]))}: clearing it is listed, not sent (rule 8).`]
      : []),
    ...sides.flatMap((side) => limitSentences(field, side)),
    ...creationSentences(field),
    ...receivingSentences(field),
    ...(field.locks
      ? [`It is ${anyOf(field.locks)} on the other side only once the items agree; until then it waits.`]
      : []),
  ]
}

function spellingSentence(field: FieldDefinition, side: Side): string[] {
  const mapping = field[side]
  if (!('path' in mapping)) return []
  const sentences = mapping.zeroMeansUnset ? [`0 in ${systemNames[side]} counts as empty.`] : []
  const others = mapping.values ? otherSpellings(mapping.values) : []
  if (others.length > 0) {
    const words = others.map(([vendor, canonical]) => `${code(vendor)} = ${canonical}`).join(', ')
    sentences.push(`Understood in ${systemNames[side]} as well: ${words}.`)
  }
  return sentences
}

function limitSentences(field: FieldDefinition, side: Side): string[] {
  const longest = field.maxLength?.[side]
  const never = field.neverWritten?.[side]
  return [
    ...(longest === undefined
      ? []
      : [`Longer than ${longest} characters it is withheld from ${systemNames[side]} and listed (rule 9).`]),
    ...(never === undefined ? [] : [`Never written in ${systemNames[side]}: ${never.map(code).join(', ')}.`]),
  ]
}

function creationSentences(field: FieldDefinition): string[] {
  const byDirection = sides.filter((side) => field.direction !== (side === 'erp' ? 'toShop' : 'toErp'))
  const given = field.createdOn ?? byDirection
  const differs = sides.some((side) => given.includes(side) !== byDirection.includes(side))
  return [
    ...(differs ? [`A new record is given it in ${allOf(given.map((side) => systemNames[side]))}.`] : []),
    ...sides.flatMap((side) => {
      const value = field.createdAs?.[side]
      return value === undefined ? [] : [`A new one in ${systemNames[side]} begins as ${code(value)}.`]
    }),
    ...(field.settled === 'ignored' ? ['Differences after creation are nobody’s business.'] : []),
  ]
}

function receivingSentences(field: FieldDefinition): string[] {
  return [
    ...(field.receivingEdit === 'leave'
      ? ['An edit on the receiving side stands until the owner’s value moves (rule 7).']
      : []),
    ...(field.ownerEmpty === 'keep' ? ['Where its owner has no value, the receiving side keeps its own.'] : []),
    ...(field.unknownValues === 'withhold'
      ? ['An unknown value is withheld and listed; the record goes on (rule 9).']
      : []),
    ...(field.touches
      ? ['The record that is named is read again afterwards: what it shows has moved (its stock).']
      : []),
  ]
}

// --- matching, creating, deleting -------------------------------------------------------------------------------------

function matchRules(flow: FlowDefinition): string {
  const across = flow.neverMatchAcross.map(
    (field) => `Two records whose ${code(field)} is filled on both sides and differs are never a match.`,
  )
  if (flow.matchKeys.length === 0) {
    return 'By the reference that one of the two names in our spelling (rule 12), and by nothing else: two records are never matched by what they say.'
  }
  return [
    flow.matchWithin === null ? 'In this order:' : `Always within one ${code(flow.matchWithin)}, in this order:`,
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
  if (key.identity)
    conditions.push('it names the record, so records of one side that share it are ambiguous even without a candidate')
  return [code(key.field), ...conditions].join('; ')
}

function creationRules(flow: FlowDefinition): string {
  const policies: Readonly<Record<CreationPolicy, string>> = {
    always: 'created from the other side’s when nothing matches.',
    never: 'never created by the sync.',
  }
  const { creationHint, dormantWhen, items } = flow
  return [
    ...sides.map((side) => {
      const isNever = flow.creation[side] === 'never'
      const hint = isNever ? (quoted(creationHint?.[side]) ?? 'A record without counterpart is out of scope.') : ''
      const listed = isNever && creationHint?.[side] ? ' One without counterpart is listed so: ' : ' '
      return `- In ${systemNames[side]} ${withArticle(flow.recordName)} is ${policies[flow.creation[side]]}${listed}${hint}`.trimEnd()
    }),
    ...(items
      ? [`- It is created whole, together with its list of ${code(items)}, from a reading made just before.`]
      : []),
    ...(dormantWhen
      ? [
          `- One where ${code(dormantWhen.field)} is ${anyOf(dormantWhen.equals)} when it is first seen is linked if it matches and not created (rule 4a).`,
        ]
      : []),
  ].join('\n')
}

function deletionRules(flow: FlowDefinition): string {
  const archived = `${code(flow.archiveField)} becomes ${flow.archiveValue}`
  const inErp: Readonly<Record<FlowDefinition['onDelete']['erp'], string>> = {
    archiveInShop: `Deleted in PowerOffice, it is listed; once a person approves, the webshop’s is archived (${archived}).`,
  }
  const inShop: Readonly<Record<FlowDefinition['onDelete']['shop'], string>> = {
    unlink: 'Deleted in the webshop, the link ends and PowerOffice’s is left alone.',
    archiveInErp: flow.cancels
      ? `Deleted in the webshop, it is listed; once a person approves, PowerOffice’s is deleted where it is ${anyOf(flow.cancels.removable)}.`
      : `Deleted in the webshop, it is listed; once a person approves, PowerOffice’s is archived (${archived}).`,
  }
  return [
    `- ${inErp[flow.onDelete.erp]}`,
    `- ${inShop[flow.onDelete.shop]}`,
    ...cancelRules(flow),
    '- What was deleted is not created again unless a person asks for it.',
  ].join('\n')
}

function cancelRules({ cancels }: FlowDefinition): string[] {
  if (!cancels) return []
  return [
    `- One whose ${code(cancels.field)} becomes ${code(cancels.value)} in the webshop asks for its counterpart’s deletion: where that is ${anyOf(cancels.removable)} it is deleted once a person approves, else it is listed.`,
  ]
}

// --- words ------------------------------------------------------------------------------------------------------------

function isValue({ field, equals }: { readonly field: string; readonly equals: string }): string {
  return `${code(field)} is ${code(equals)}`
}

function anyOf(names: readonly string[]): string {
  return inARow(names.map(code), 'or')
}

function allOf(names: readonly string[]): string {
  return inARow(names, 'and')
}

function inARow(words: readonly string[], between: 'and' | 'or'): string {
  const last = words.at(-1) ?? ''
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} ${between} ${last}`
}

function quoted(sentence: string | undefined): string | undefined {
  return sentence === undefined ? undefined : `“${sentence}”`
}

function withArticle(word: string): string {
  return `${/^[aeiou]/.test(word) ? 'an' : 'a'} ${word}`
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
