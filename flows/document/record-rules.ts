import type { CreationPolicy, FlowDefinition, MatchKey } from '../flow-definition.ts'
import { sides } from '../side.ts'
import { anyOf, code, isValue, plural, quoted, systemNames, typeWords, withArticle } from './words.ts'

/** How records find each other, and what becomes of one that is alone or deleted. */
export function recordRules(flow: FlowDefinition): string[] {
  return [
    '### Matching, before anything is created',
    matchRules(flow),
    '### Creating',
    creationRules(flow),
    '### Deleting',
    deletionRules(flow),
  ]
}

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
    'when-referenced': 'created once a record that is to be created names it.',
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
