import type { Field, FormErrors } from '../../pages/field.ts'
import type { Refusal } from '../../pages/pages.ts'
import { Problem } from '../problem.ts'

/** PowerOffice's own words, beside the input that they are about. undefined for what is no refusal. */
export function explain(error: unknown, fields: readonly Field[]): Refusal | undefined {
  if (!(error instanceof Problem)) return undefined
  return { status: error.status, errors: errorsOf(error.detail, fields) }
}

/**
 * Refusals name properties in their sentence, and no place: the first that is named is to blame. Properties are called as the
 * form calls them. Pure.
 */
export function errorsOf(detail: string, fields: readonly Field[]): FormErrors {
  const named = fields
    .map((field) => ({ field, property: propertyOf(field) }))
    .map(({ field, property }) => ({ field, property, at: detail.search(wordPattern(property)) }))
    .filter(({ at }) => at >= 0)
    .sort((one, other) => one.at - other.at)
  const sentence = named.reduce(
    (text, { field, property }) => text.replace(new RegExp(wordPattern(property), 'g'), field.label),
    detail,
  )
  const [first] = named
  return first === undefined
    ? { general: [detail], fields: {} }
    : { general: [], fields: { [first.field.name]: sentence } }
}

/** What the sentences call it: of a part of an address, the part alone. */
function propertyOf({ name }: Field): string {
  return name.split('.').at(-1) ?? name
}

/** As a word of its own, neither within a longer name nor within what somebody typed between quotes. */
function wordPattern(property: string): RegExp {
  return new RegExp(`\\b${property}\\b(?=(?:[^']*'[^']*')*[^']*$)`)
}
