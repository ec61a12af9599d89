import type { Context } from 'hono'
import { html } from 'hono/html'
import type { Field, FormValues, Given } from './field.ts'
import { type FormRoute, mountAction, mountForm } from './form-routes.ts'
import { carefulButton, factList, linkButton } from './frame.ts'
import { listMarkup, type RecordList } from './list-page.ts'
import type { Cell, Markup } from './markup.ts'
import { noticeOf, withNotice } from './notices.ts'
import type { Pages } from './pages.ts'

/** All that tells the pages of one kind of record from those of another. Refusals are thrown as the system throws them. */
export interface RecordPages<Rec> {
  /** `/customers` */
  readonly path: string
  readonly title: string
  readonly singular: string
  readonly plural: string
  readonly list: RecordList<Rec>
  /** Throws when there is none. */
  get(id: string): Rec
  /** As people call it. */
  nameOf(record: Rec): string
  /** What is shown and not edited. */
  facts(record: Rec): readonly (readonly [string, Cell])[]
  /** @param record null for a new one */
  fields(record: Rec | null): readonly Field[]
  values(record: Rec): FormValues
  /** Why this record is not edited any more. */
  locked?(record: Rec): string | undefined
  /** What a new one begins with. */
  begin?(query: Readonly<Record<string, string>>): FormValues
  buttons?(record: Rec): Markup
  below?(record: Rec): Markup
  /** @returns the new id; left out where records are made elsewhere */
  create?(given: Given): string
  change?(id: string, given: Given, record: Rec): void
  remove?(id: string): void
  /** Words of the button that makes one, where they are not `New <singular>`. */
  readonly newLabel?: string
}

/** List, search, open, edit, create and delete. @returns the page of one record, for further actions on it */
export function mountRecords<Rec>(pages: Pages, entity: RecordPages<Rec>): FormRoute {
  const { path, singular, title } = entity
  const newLabel = entity.newLabel ?? `New ${singular}`
  const addressOf = (id: string) => `${path}/${encodeURIComponent(id)}`

  pages.get(path, (context) =>
    pages.show(context, {
      title,
      place: path,
      buttons: entity.create === undefined ? undefined : linkButton(`${path}/new`, newLabel),
      notice: noticeOf(context),
      content: listMarkup(entity.list, entity, context.req.query()),
    }),
  )

  const { create } = entity
  if (create !== undefined) {
    mountForm(pages, {
      path: `${path}/new`,
      view: (context) => ({
        title: newLabel,
        place: path,
        fields: entity.fields(null).filter(({ only }) => only !== 'edit'),
        values: entity.begin?.(context.req.query()) ?? {},
        isNew: true,
        submit: newLabel === `New ${singular}` ? 'Create' : newLabel,
      }),
      save: (_, given) => withNotice(addressOf(create(given)), 'created'),
    })
  }

  const route = recordRoute(entity, addressOf)
  mountForm(pages, route)

  const { remove } = entity
  if (remove !== undefined) {
    mountAction(pages, {
      path: `${path}/:id/delete`,
      on: route,
      act: (context) => {
        remove(idOf(context))
        return withNotice(path, 'deleted')
      },
    })
  }
  return route
}

function recordRoute<Rec>(entity: RecordPages<Rec>, addressOf: (id: string) => string): FormRoute {
  const { path, singular } = entity
  const isEditable = entity.change !== undefined
  return {
    path: `${path}/:id`,
    view: (context) => {
      const id = idOf(context)
      const record = entity.get(id)
      const removal =
        entity.remove === undefined
          ? ''
          : carefulButton(`${addressOf(id)}/delete`, {
              label: 'Delete',
              question: `${entity.nameOf(record)} will be gone for good.`,
              yes: `Delete this ${singular}`,
            })
      return {
        title: `${singular.charAt(0).toUpperCase()}${singular.slice(1)} ${entity.nameOf(record)}`,
        place: path,
        fields: entity.fields(record).filter(({ only }) => only !== 'new'),
        values: entity.values(record),
        isNew: false,
        submit: 'Save',
        locked: isEditable ? entity.locked?.(record) : `This ${singular} is not edited: it stands as it was sent.`,
        buttons: html`<div class="actions">${entity.buttons?.(record) ?? ''}${removal}</div>`,
        above: factList(entity.facts(record)),
        below: entity.below?.(record) ?? html``,
      }
    },
    save: (context, given) => {
      const id = idOf(context)
      entity.change?.(id, given, entity.get(id))
      return withNotice(addressOf(id), 'saved')
    },
  }
}

export function idOf(context: Context, name = 'id'): string {
  return context.req.param(name) ?? ''
}
