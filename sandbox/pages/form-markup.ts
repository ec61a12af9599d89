import { html } from 'hono/html'
import { type Field, type FormErrors, type FormValues, type Lookup, type Option, recordText } from './field.ts'
import type { Markup } from './markup.ts'
import { wasPrefix } from './read-form.ts'

export interface ShownForm {
  readonly fields: readonly Field[]
  readonly values: FormValues
  /** What the inputs held when the page was made; null for a new record. */
  readonly was: FormValues | null
  readonly errors: FormErrors
  readonly choices: Readonly<Record<string, readonly Option[]>>
  /** Word on the button. */
  readonly submit: string
}

/** A plain form that is sent to the page's own address. Every input has its label, and what is wrong with it beside it. */
export function formMarkup(form: ShownForm): Markup {
  const groups = [...new Set(form.fields.map(({ group }) => group))]
  return html`${errorSummary(form)}
<form method="post" class="sheet" novalidate>
${groups.map((group) => fieldGroup(form, group))}
${suggestions(form.fields)}
<p class="buttons"><button class="main">${form.submit}</button></p>
</form>`
}

export function errorSummary({ fields, errors }: Pick<ShownForm, 'fields' | 'errors'>): Markup | '' {
  const wrong = fields.filter(({ name }) => errors.fields[name] !== undefined)
  if (wrong.length === 0 && errors.general.length === 0) return ''
  return html`<div class="banner bad" role="alert"><p><strong>Not saved.</strong> ${errors.general.join(' ')}</p>
${wrong.length === 0 ? '' : html`<ul>${wrong.map(({ name }) => html`<li><a href="#${idOf(name)}">${errors.fields[name]}</a></li>`)}</ul>`}</div>`
}

function fieldGroup(form: ShownForm, group: string | undefined): Markup {
  const inputs = form.fields.filter((field) => field.group === group).map((field) => fieldMarkup(form, field))
  if (group === undefined) return html`<div class="fields">${inputs}</div>`
  return html`<fieldset><legend>${group}</legend><div class="fields">${inputs}</div></fieldset>`
}

function fieldMarkup(form: ShownForm, field: Field): Markup {
  const { name, label, hint, kind } = field
  const id = idOf(name)
  const error = form.errors.fields[name]
  const notes = [...(hint === undefined ? [] : [`${id}-hint`]), ...(error === undefined ? [] : [`${id}-error`])]
  const described = notes.length === 0 ? '' : html` aria-describedby="${notes.join(' ')}"`
  const invalid = error === undefined ? '' : html` aria-invalid="true"`
  // The first wrong one, where the person goes on typing.
  const focus = name === firstWrong(form) ? html` autofocus` : ''
  const common = html` id="${id}" name="${name}"${described}${invalid}${focus}${field.required === true ? html` required` : ''}`
  const was =
    form.was === null ? '' : html`<input type="hidden" name="${wasPrefix + name}" value="${form.was[name] ?? ''}">`
  return html`<div class="field ${kind}${error === undefined ? '' : ' wrong'}"><label for="${id}">${label}</label>
${inputMarkup(form, field, common)}${was}
${hint === undefined ? '' : html`<p class="hint" id="${id}-hint">${hint}</p>`}
${error === undefined ? '' : html`<p class="error" id="${id}-error">${error}</p>`}</div>
`
}

function inputMarkup({ values, choices }: ShownForm, field: Field, common: Markup): Markup {
  const value = values[field.name] ?? ''
  switch (field.kind) {
    case 'yesNo':
      return html`<input type="checkbox" value="yes"${common}${value === 'yes' ? html` checked` : ''}>`
    case 'long':
      // The line end after the tag is dropped by browsers, one that the text begins with would be too.
      return html`<textarea rows="4"${common}>
${value}</textarea>`
    case 'choice':
      return choiceMarkup(field.options, { value, common, mayBeEmpty: field.required !== true || value === '' })
    case 'record': {
      const found = choices[field.name]
      if (found !== undefined) {
        const options = found.map((option) => ({ value: recordText(option), label: recordText(option) }))
        return choiceMarkup(options, { value: '', common, mayBeEmpty: true })
      }
      return html`<input type="text" value="${value}" list="${listId(field.lookup)}" autocomplete="off"${common}>`
    }
    case 'decimal':
    case 'whole':
      return html`<input type="text" inputmode="decimal" value="${value}" autocomplete="off"${common}>`
    case 'text':
    case 'email':
    case 'tel':
    case 'url':
    case 'date':
      return html`<input type="${field.kind}" value="${value}" autocomplete="off"${common}>`
  }
}

function choiceMarkup(
  options: readonly Option[],
  { value, common, mayBeEmpty }: { value: string; common: Markup; mayBeEmpty: boolean },
): Markup {
  const isKnown = value === '' || options.some((option) => option.value === value)
  const all = [
    ...(mayBeEmpty ? [{ value: '', label: '–' }] : []),
    ...(isKnown ? [] : [{ value, label: value }]),
    ...options,
  ]
  return html`<select${common}>${all.map(
    (option) =>
      html`<option value="${option.value}"${option.value === value ? html` selected` : ''}>${option.label}</option>`,
  )}</select>`
}

/** Once for all inputs that ask for records of the same kind. */
function suggestions(fields: readonly Field[]): Markup {
  const lookups = new Map(
    fields.flatMap((field) => (field.kind === 'record' ? [[field.lookup.plural, field.lookup]] : [])),
  )
  return html`${[...lookups.values()].map(
    (lookup) =>
      html`<datalist id="${listId(lookup)}">${lookup.suggest().map((option) => html`<option value="${recordText(option)}"></option>`)}</datalist>`,
  )}`
}

function listId({ plural }: Lookup): string {
  return `known-${plural.replace(/\W+/g, '-')}`
}

function firstWrong({ fields, errors }: ShownForm): string | undefined {
  return fields.find(({ name }) => errors.fields[name] !== undefined)?.name
}

function idOf(name: string): string {
  return `field-${name.replace(/\W+/g, '-')}`
}
