import type { Field, FormErrors } from '../../pages/field.ts'
import type { Refusal } from '../../pages/pages.ts'
import { Problem } from '../problem.ts'

/** The shop's own words, beside the inputs that they are about. undefined for what is no refusal. */
export function explain(error: unknown, fields: readonly Field[]): Refusal | undefined {
  if (!(error instanceof Problem)) return undefined
  return { status: error.status, errors: errorsOf(error, fields, (name) => name) }
}

/** @param inputOf name of the input for a place in what was sent, such as `lines.0.quantity` */
export function errorsOf(
  problem: Problem,
  fields: readonly { readonly name: string }[],
  inputOf: (place: string) => string,
): FormErrors {
  const errors = problem.extras.errors ?? []
  if (errors.length === 0) return { general: [problem.message], fields: {} }
  const names = new Set(fields.map(({ name }) => name))
  const found = errors.map(({ pointer, detail }) => ({ name: inputOf(pointer.slice(1).replaceAll('/', '.')), detail }))
  return {
    general: found.filter(({ name }) => !names.has(name)).map(({ name, detail }) => `${name}: ${detail}`),
    fields: Object.fromEntries(found.filter(({ name }) => names.has(name)).map(({ name, detail }) => [name, detail])),
  }
}
