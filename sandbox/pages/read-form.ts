import type { Field, FormErrors, FormValues, Given, Lookup, Option } from './field.ts'
import { wordsOf } from './words.ts'

/** Beside each input of an edit stands what it held when the page was made. */
export const wasPrefix = 'was:'

/** More would not fit into a choice that people read. */
const maxChoices = 20

export interface ReadForm {
  /** As typed. */
  readonly values: FormValues
  /** What the inputs held when the page was made. */
  readonly was: FormValues
  readonly given: Given
  readonly errors: FormErrors
  /** Records that several were meant by, to choose from. */
  readonly choices: Readonly<Record<string, readonly Option[]>>
}

/**
 * What a person typed. Of a record that is there, only what the person changed is given: what the sync wrote into other
 * fields since the page was made stays. Of a new one, everything that is not empty.
 * @param current the record's values now; null for a new one
 */
export function readForm(
  fields: readonly Field[],
  posted: Readonly<Record<string, string>>,
  current: FormValues | null,
): ReadForm {
  const values: Record<string, string> = {}
  const was: Record<string, string> = {}
  const given: Record<string, Given[string]> = {}
  const errors: Record<string, string> = {}
  const choices: Record<string, readonly Option[]> = {}
  for (const field of fields) {
    const { name } = field
    const before = posted[wasPrefix + name]
    was[name] = before ?? current?.[name] ?? ''
    // An unticked box is not sent at all; neither is an input that a hand-made request leaves out.
    values[name] = posted[name] ?? (current !== null && before === undefined ? was[name] : '')
    const isGiven =
      current === null ? values[name].trim() !== '' || field.kind === 'yesNo' : !isSame(field, values[name], was[name])
    if (!isGiven) {
      if (current === null && field.required === true) errors[name] = `${field.label} is needed.`
      continue
    }
    const read = readValue(field, values[name])
    if (read.kind === 'value') given[name] = read.value
    else errors[name] = read.sentence
    if (read.kind === 'several') choices[name] = read.options
  }
  return { values, was, given, errors: { general: [], fields: errors }, choices }
}

/** Browsers end lines with two characters, drop line ends from inputs of one line, and blanks around an address. */
function isSame({ kind }: Field, value: string, was: string): boolean {
  const lineEnd = kind === 'long' ? '\n' : ''
  const isTrimmed = kind === 'email' || kind === 'url'
  const comparable = (text: string) => (isTrimmed ? text.trim() : text).replace(/\r\n?|\n/g, lineEnd)
  return comparable(value) === comparable(was)
}

type ReadValue =
  | { readonly kind: 'value'; readonly value: string | boolean | null }
  | { readonly kind: 'wrong'; readonly sentence: string }
  | { readonly kind: 'several'; readonly sentence: string; readonly options: readonly Option[] }

const decimalPattern = /^-?\d{1,12}(\.\d{1,6})?$/
const wholePattern = /^-?\d{1,15}$/

function readValue(field: Field, typed: string): ReadValue {
  if (field.kind === 'yesNo') return { kind: 'value', value: typed === 'yes' }
  if (typed.trim() === '') {
    return field.required === true ? wrong(`${field.label} is needed.`) : { kind: 'value', value: null }
  }
  switch (field.kind) {
    case 'decimal': {
      const number = typed.replace(/[\s\u00a0]/g, '').replace(',', '.')
      return decimalPattern.test(number)
        ? { kind: 'value', value: number }
        : wrong(
            `${field.label} must be a number such as 499.90, with at most twelve digits before the point and six after.`,
          )
    }
    case 'whole': {
      const number = typed.trim()
      return wholePattern.test(number)
        ? { kind: 'value', value: number }
        : wrong(`${field.label} must be a whole number.`)
    }
    case 'date':
      return isDate(typed.trim())
        ? { kind: 'value', value: typed.trim() }
        : wrong(`${field.label} must be a date such as 2026-11-23.`)
    case 'choice':
      return field.options.some(({ value }) => value === typed)
        ? { kind: 'value', value: typed }
        : wrong(`${field.label} must be one of the choices.`)
    case 'record':
      return findRecord(field.lookup, typed)
    case 'text':
    case 'email':
    case 'tel':
    case 'url':
    case 'long': {
      const { maxLength } = field
      const text = typed.replace(/\r\n?/g, '\n')
      return maxLength === undefined || text.length <= maxLength
        ? { kind: 'value', value: text }
        : wrong(`${field.label} has ${text.length} characters; ${maxLength} is the most.`)
    }
  }
}

function findRecord(lookup: Lookup, typed: string): ReadValue {
  const named = lookup.find(typed)
  if (named) return { kind: 'value', value: named.value }
  const options = lookup.search(wordsOf(typed), maxChoices + 1)
  const [only] = options
  if (only === undefined) return wrong(`No ${lookup.plural} match: type a number or a part of the name.`)
  if (options.length === 1) return { kind: 'value', value: only.value }
  const sentence =
    options.length > maxChoices
      ? `More than ${maxChoices} ${lookup.plural} match: choose one, or type more of the name.`
      : `${options.length} ${lookup.plural} match: choose one.`
  return { kind: 'several', sentence, options: options.slice(0, maxChoices) }
}

function wrong(sentence: string): ReadValue {
  return { kind: 'wrong', sentence }
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false
  const date = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
}
