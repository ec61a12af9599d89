import type { Context, Hono } from 'hono'
import { html } from 'hono/html'
import type { FieldDefinition } from '../../flows/flow-definition.ts'
import type { Settings } from '../../flows/settings.ts'
import { type Side, sides } from '../../flows/side.ts'
import type { By } from '../../workflows/messages.ts'
import { orderedBy } from '../command-context.ts'
import { CommandFailure } from '../command-failure.ts'
import type { FlowDesk } from '../flow-desk.ts'
import { fieldLabel } from '../text/field-label.ts'
import { sideNames } from '../text/side-names.ts'
import type { FlowWatch } from './flow-watch.ts'
import { editForm } from './pages/edit-form.ts'
import type { Page } from './pages/layout.ts'
import { type Edit, type SystemRecord, type SystemRecords, SystemRefusal } from './systems/system-records.ts'
import { editOf, isChangeable, isEditable } from './values/edit-of.ts'
import { readField } from './values/field-value.ts'

export interface OrderParts {
  readonly settings: Settings
  readonly watchOf: (context: Context) => FlowWatch
  readonly show: (context: Context, page: Page) => Promise<Response>
}

type Fields = Readonly<Record<string, string>>

const phaseOrders: ReadonlyMap<string, (desk: FlowDesk, by: By) => Promise<string>> = new Map([
  ['pause', (desk: FlowDesk, by: By) => desk.pause(by)],
  ['resume', (desk: FlowDesk, by: By) => desk.resume(by)],
  ['approve', (desk: FlowDesk, by: By) => desk.approve(by)],
  ['start', async (desk: FlowDesk, by: By) => (await desk.start(by)).phase ?? 'started'],
])

/** What the buttons and forms of the pages do. */
export function mountOrders(app: Hono, { watchOf, show }: OrderParts): void {
  const by = () => ({ ...orderedBy({}), why: 'from the console' })

  app.post('/flows/:flow/order', async (context) => {
    const { desk, definition } = watchOf(context)
    const { order = '' } = await fieldsOf(context)
    const give = phaseOrders.get(order)
    if (give === undefined) throw new CommandFailure('The console has no such order.')
    return done(context, `${definition.name}: ${await give(desk, by())}`)
  })

  app.post('/flows/:flow/inbox', async (context) => {
    const { desk } = watchOf(context)
    const { id = '', order } = await fieldsOf(context)
    if (order === 'approveDelete') return done(context, await desk.approveDelete({ id, ...by() }))
    await desk.retry({ id, ...by() })
    return done(context, `${id} is looked at again`)
  })

  app.post('/flows/:flow/link', async (context) => {
    const { erpId = '', shopId = '' } = await fieldsOf(context)
    return done(context, await watchOf(context).desk.link({ erpId, shopId, ...by() }))
  })

  app.post('/flows/:flow/create', async (context) => {
    const { key = '' } = await fieldsOf(context)
    const [, side, id] = /^(erp|shop):(.+)$/.exec(key) ?? []
    if (id === undefined) throw new CommandFailure('The console has no such record.')
    return done(
      context,
      await watchOf(context).desk.create({ key: side === 'erp' ? `erp:${id}` : `shop:${id}`, ...by() }),
    )
  })

  app.get('/flows/:flow/edit', async (context) => {
    const watch = watchOf(context)
    const target = editTarget(watch, context.req.query())
    const { side, id, item, field } = target
    const record = await target.read()
    const value = readField(watch.definition, field, side, record)
    if (value === undefined || !isEditable(field, side, record)) {
      throw new CommandFailure(`${fieldLabel(field.name)} is not a property of this record in ${sideNames[side]}.`)
    }
    const form = editForm({ definition: watch.definition, field, side, id, item, value })
    if (context.req.header('x-quiet') !== undefined) return context.html(await form)
    const heading = html`<h1>${fieldLabel(field.name)} of ${id} in ${sideNames[side]}</h1>`
    return show(context, { title: fieldLabel(field.name), flow: watch.definition.name, body: [heading, form] })
  })

  app.post('/flows/:flow/edit', async (context) => {
    const watch = watchOf(context)
    const fields = await fieldsOf(context)
    const { side, field, write } = editTarget(watch, fields)
    const typed = Object.entries(fields).flatMap(([name, text]) =>
      name.startsWith('part.') ? [[name.slice('part.'.length), text] as const] : [],
    )
    await write(editOf(field, side, Object.fromEntries(typed)))
    return done(context, `saved in ${sideNames[side]}`)
  })

  function done(context: Context, sentence: string): Response {
    const watch = watchOf(context)
    watch.expire()
    if (context.req.header('x-quiet') !== undefined) return context.text(sentence)
    return context.redirect(`/flows/${watch.definition.name}`, 303)
  }
}

interface EditTarget {
  readonly side: Side
  readonly id: string
  /** The item within the record; null: the record itself. */
  readonly item: string | null
  readonly field: FieldDefinition
  readonly read: () => Promise<SystemRecord>
  readonly write: (edit: Edit) => Promise<unknown>
}

function editTarget(watch: FlowWatch, fields: Fields): EditTarget {
  const side = sides.find((candidate) => candidate === fields['side'])
  const field = watch.definition.fields.find((candidate) => candidate.name === fields['field'])
  const { id = '', item = null } = fields
  if (
    side === undefined ||
    field === undefined ||
    id === '' ||
    (item === null) !== (watch.definition.listOf === undefined)
  ) {
    throw new CommandFailure('The console has no such field.')
  }
  if (!isChangeable(field)) throw new CommandFailure(`${fieldLabel(field.name)} is fixed when a record is created.`)
  const [records, items] = [watch.systems[side], watch.items?.systems[side] ?? null]
  if (records === null || (item !== null && items === null)) {
    throw new CommandFailure(`Records of ${sideNames[side]} are edited there: the console writes to sandboxes only.`)
  }
  const target = { side, id, item, field }
  if (item === null || items === null) {
    return { ...target, read: () => foundRecord(target, records), write: (edit) => records.edit(id, edit) }
  }
  return {
    ...target,
    read: async () => {
      const list = await items.read(await foundRecord(target, records))
      const found = list.find((candidate) => candidate.id === item)
      if (found === undefined) throw new SystemRefusal(`${id} has no line ${item} in ${sideNames[side]} any more.`)
      return found
    },
    write: (edit) => items.edit(id, item, edit),
  }
}

async function foundRecord(
  { side, id }: Pick<EditTarget, 'side' | 'id'>,
  records: SystemRecords,
): Promise<SystemRecord> {
  const record = await records.find(id)
  if (record === undefined) throw new SystemRefusal(`There is no record ${id} in ${sideNames[side]} any more.`)
  return record
}

async function fieldsOf(context: Context): Promise<Fields> {
  const body = await context.req.parseBody()
  return Object.fromEntries(
    Object.entries(body).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )
}
