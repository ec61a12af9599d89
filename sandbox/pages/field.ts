export interface Option {
  readonly value: string
  readonly label: string
}

/** How people name another record in a form: by its number, or by words that only it has. */
export interface Lookup {
  /** In sentences: `customers`. */
  readonly plural: string
  /** Those that people most likely mean, few. */
  suggest(): readonly Option[]
  /** The record that the text names beyond doubt: its number comes first, or the whole is its code. */
  find(typed: string): Option | undefined
  /** Those that contain every word, at most `limit`. */
  search(words: readonly string[], limit: number): readonly Option[]
}

interface FieldBase {
  /** The system's own name of it; a dot leads into an object: `address.city`. */
  readonly name: string
  readonly label: string
  readonly hint?: string
  readonly required?: true
  /** Fields of one group stand together under it. */
  readonly group?: string
  /** Only where a record is made, or only where one is edited. */
  readonly only?: 'new' | 'edit'
}

export type Field =
  | (FieldBase & { readonly kind: 'text' | 'email' | 'tel' | 'url' | 'long'; readonly maxLength?: number })
  /** Decimal numbers are typed with a point or a comma and given on as text, so that not a digit is lost. */
  | (FieldBase & { readonly kind: 'decimal' | 'whole' | 'date' | 'yesNo' })
  /** An empty value is offered unless the field is required. */
  | (FieldBase & { readonly kind: 'choice'; readonly options: readonly Option[] })
  | (FieldBase & { readonly kind: 'record'; readonly lookup: Lookup })

/** What stands in the inputs, by field. A yesNo is `yes` or empty. */
export type FormValues = Readonly<Record<string, string>>

/** What a person gave, by field: null is emptied, decimals and whole numbers are text, a record is its number. */
export type Given = Readonly<Record<string, string | boolean | null>>

/** What is wrong, in sentences: with one field each, or with the whole. */
export interface FormErrors {
  readonly general: readonly string[]
  readonly fields: Readonly<Record<string, string>>
}

export const noErrors: FormErrors = { general: [], fields: {} }

/** Thrown by what saves a form, when it knows which field is to blame. */
export class FormRefused extends Error {
  readonly errors: FormErrors

  constructor(errors: FormErrors) {
    super([...errors.general, ...Object.values(errors.fields)].join(' '))
    this.errors = errors
  }
}

/** How a record stands in an input: its number first, which is all that is read again. */
export function recordText({ value, label }: Option): string {
  return `${value} ${label}`.trim()
}

/** The number that a typed record begins with. */
export function numberIn(typed: string): string {
  return typed.trim().split(/\s/)[0] ?? ''
}

/** `address.city: Oslo` as `address: { city: Oslo }`. */
export function nested(given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const whole: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(given)) {
    const [outer = name, inner] = name.split('.')
    if (inner === undefined) whole[outer] = value
    else whole[outer] = { ...(whole[outer] as object | undefined), [inner]: value }
  }
  return whole
}
