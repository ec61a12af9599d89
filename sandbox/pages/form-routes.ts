import type { Context } from 'hono'
import { html } from 'hono/html'
import { type Field, type FormErrors, FormRefused, type FormValues, type Given, noErrors } from './field.ts'
import { errorSummary, formMarkup } from './form-markup.ts'
import type { Markup } from './markup.ts'
import { noticeOf } from './notices.ts'
import type { Pages, Refusal } from './pages.ts'
import { type ReadForm, readForm } from './read-form.ts'

/** A page with a form in its middle. */
export interface FormView {
  readonly title: string
  readonly place: string
  readonly fields: readonly Field[]
  /** What the inputs hold at first. */
  readonly values: FormValues
  readonly isNew: boolean
  readonly submit: string
  /** Why there is nothing to edit; the form is left out. */
  readonly locked?: string | undefined
  readonly buttons?: Markup
  readonly above?: Markup
  readonly below?: Markup
}

export interface FormRoute {
  readonly path: string
  /** Throws what `explain` knows when there is no such record. */
  view(context: Context): FormView
  /** Throws what `explain` knows. @returns the address that is shown next */
  save(context: Context, given: Given, view: FormView): string
}

/** A form that is read again when it was refused, with what was typed still in it. */
export function mountForm(pages: Pages, route: FormRoute): void {
  pages.get(route.path, (context) => showForm(pages, context, route.view(context)))
  pages.post(route.path, async (context) => {
    const posted = await postedValues(context)
    // Nothing is awaited from here on: what is checked is what is written.
    const view = route.view(context)
    if (view.locked !== undefined) return showForm(pages, context, view, { status: 409, errors: general(view.locked) })
    const read = readForm(view.fields, posted, view.isNew ? null : view.values)
    if (Object.keys(read.errors.fields).length > 0) {
      return showForm(pages, context, view, { status: 422, errors: read.errors }, read)
    }
    try {
      return context.redirect(route.save(context, read.given, view), 303)
    } catch (error) {
      const refusal = refusalOf(pages, error, view.fields)
      if (!refusal) throw error
      return showForm(pages, context, view, refusal, read)
    }
  })
}

export interface Action {
  /** Has the parameters of the page that it stands on. */
  readonly path: string
  /** The page that shows why it was refused. */
  readonly on: FormRoute
  /** Throws what `explain` knows. @returns the address that is shown next */
  act(context: Context): string
}

/** A button that does something at once. */
export function mountAction(pages: Pages, action: Action): void {
  pages.post(action.path, (context) => {
    try {
      return context.redirect(action.act(context), 303)
    } catch (error) {
      const refusal = refusalOf(pages, error, [])
      if (!refusal) throw error
      return showForm(pages, context, action.on.view(context), refusal)
    }
  })
}

function refusalOf(pages: Pages, error: unknown, fields: readonly Field[]): Refusal | undefined {
  return error instanceof FormRefused ? { status: 422, errors: error.errors } : pages.explain(error, fields)
}

function general(sentence: string): FormErrors {
  return { general: [sentence], fields: {} }
}

function showForm(
  pages: Pages,
  context: Context,
  view: FormView,
  { status, errors }: Refusal = { status: 200, errors: noErrors },
  read?: ReadForm,
): Response | Promise<Response> {
  const { fields } = view
  const form =
    view.locked === undefined
      ? formMarkup({
          fields,
          values: read?.values ?? view.values,
          was: view.isNew ? null : (read?.was ?? view.values),
          errors,
          choices: read?.choices ?? {},
          submit: view.submit,
        })
      : html`${errorSummary({ fields, errors })}<p class="banner">${view.locked}</p>`
  const { title, place, buttons } = view
  const content = html`${view.above ?? ''}${form}${view.below ?? ''}`
  // The address of a form that was refused still says how the form before it ended.
  const notice = status === 200 ? noticeOf(context) : undefined
  return pages.show(context, { title, place, buttons, notice, content }, status)
}

async function postedValues(context: Context): Promise<Record<string, string>> {
  const type = context.req.header('content-type') ?? ''
  if (!/^(application\/x-www-form-urlencoded|multipart\/form-data)/i.test(type)) return {}
  // Broken multipart is a form without values: every field is then as it was.
  const posted = await context.req.parseBody().catch(() => ({}))
  const texts = Object.entries(posted).filter((entry): entry is [string, string] => typeof entry[1] === 'string')
  return Object.fromEntries(texts)
}
