import type { CanonicalType } from '../flow-definition.ts'
import type { Side } from '../side.ts'

/** How the page of the dataflows spells things (flows/dataflow-document.ts). */

export const systemNames: Readonly<Record<Side, string>> = { erp: 'PowerOffice', shop: 'the webshop' }

export const typeWords: Readonly<Record<CanonicalType, string>> = {
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

export function isValue({ field, equals }: { readonly field: string; readonly equals: string }): string {
  return `${code(field)} is ${code(equals)}`
}

export function anyOf(names: readonly string[]): string {
  return inARow(names.map(code), 'or')
}

export function allOf(names: readonly string[]): string {
  return inARow(names, 'and')
}

function inARow(words: readonly string[], between: 'and' | 'or'): string {
  const last = words.at(-1) ?? ''
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} ${between} ${last}`
}

export function quoted(sentence: string | undefined): string | undefined {
  return sentence === undefined ? undefined : `“${sentence}”`
}

export function withArticle(word: string): string {
  return `${/^[aeiou]/.test(word) ? 'an' : 'a'} ${word}`
}

export function plural(words: string): string {
  return `${words}s`
}

export function code(text: string): string {
  return `\`${text}\``
}

export function cell(text: string): string {
  return text.replaceAll('|', '\\|')
}
