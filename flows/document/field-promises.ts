import type { FieldDefinition, FlowDefinition } from '../flow-definition.ts'
import { type Side, sides } from '../side.ts'
import { otherSpellings } from './spellings.ts'
import { allOf, anyOf, code, isValue, systemNames } from './words.ts'

/** What the table alone does not say of single fields, a line each. */
export function fieldPromises(flow: FlowDefinition): string[] {
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
    ...(field.whenLocked && field.whenLocked.length > 0
      ? [
          `It is edited in ${allOf(field.whenLocked.map((side) => systemNames[side]))} also when the record is locked there.`,
        ]
      : []),
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
