import { type Context, Hono } from 'hono'
import { malformed, Problem } from '../problem.ts'
import type { SandboxState } from '../sandbox-state.ts'
import { isJsonObject, type JsonObject } from '../schema.ts'
import { insertOrders } from './bulk.ts'
import { addContactPerson, contactPerson, renameContactPerson } from './contact-persons.ts'
import { confirmOrder, invoiceNow } from './helpers.ts'
import { InvoicingFailed } from './invoice-order.ts'
import { shownLine } from './line-dto.ts'
import { bookPayment } from './payment.ts'
import { shownComplete } from './shown-order.ts'
import { addLine, editLine, removeLine } from './write-line.ts'
import { createOrder, editOrder, existingOrder, removeOrder } from './write-order.ts'

/** Orders and invoices as people in the ERP handle them; part of admin.ts, which answers refusals. */
export function orderAdminApp(state: SandboxState): Hono {
  const app = new Hono()
  const stored = { showInherited: false }

  app.post('/orders/bulk', async (context) => {
    const list: unknown = await context.req.json()
    if (!Array.isArray(list)) throw malformed('Send a JSON list of orders.')
    return context.json(insertOrders(state, list), 201)
  })
  app.post('/orders', async (context) => {
    const created = createOrder(state, await objectOf(context), { isByIntegration: false })
    return context.json(shownComplete(state, created, stored), 201)
  })
  app.patch('/orders/:id', async (context) =>
    context.json(shownComplete(state, editOrder(state, idOf(context), await objectOf(context)), stored)),
  )
  app.delete('/orders/:id', (context) => {
    const current = existingOrder(state, idOf(context))
    removeOrder(state, current)
    return context.json({ removed: current.order.Id })
  })
  app.post('/orders/:id/lines', async (context) =>
    context.json(shownLine(addLine(state, idOf(context), await objectOf(context))), 201),
  )
  app.patch('/orders/:id/lines/:lineId', async (context) =>
    context.json(shownLine(editLine(state, idOf(context), idOf(context, 'lineId'), await objectOf(context)))),
  )
  app.delete('/orders/:id/lines/:lineId', (context) => {
    removeLine(state, idOf(context), idOf(context, 'lineId'))
    return context.json({ removed: idOf(context, 'lineId') })
  })
  app.post('/orders/:id/confirm', (context) => context.json(confirmOrder(state, idOf(context))))
  app.post('/orders/:id/invoice', async (context) => {
    const text = await context.req.text()
    try {
      return context.json(invoiceNow(state, idOf(context), text === '' ? null : JSON.parse(text)), 201)
    } catch (failure) {
      if (failure instanceof InvoicingFailed) throw new Problem(400, 'SalesOrder conflict', failure.message)
      throw failure
    }
  })
  app.post('/invoices/:id/payments', async (context) => {
    const { amount } = await objectOf(context)
    return context.json(bookPayment(state, idOf(context), typeof amount === 'number' ? amount : Number.NaN))
  })
  app.post('/contact-persons', async (context) => {
    const { ContactId: contactId, Name: name } = await objectOf(context)
    if (typeof contactId !== 'number' || typeof name !== 'string') throw malformed('ContactId and Name are expected.')
    return context.json(addContactPerson(state, { ContactId: contactId, Name: name }), 201)
  })
  app.patch('/contact-persons/:id', async (context) => {
    const { Name: name } = await objectOf(context)
    const id = Number(context.req.param('id'))
    if (typeof name !== 'string') throw malformed('Name is expected.')
    if (!contactPerson(state.database, id)) throw new Problem(404, 'Object(s) not found', `No contact person ${id}.`)
    renameContactPerson(state, id, name)
    return context.json(contactPerson(state.database, id))
  })
  return app
}

function idOf(context: Context, parameter = 'id'): string {
  return (context.req.param(parameter) ?? '').toLowerCase()
}

async function objectOf(context: Context): Promise<JsonObject> {
  const body: unknown = await context.req.json()
  if (!isJsonObject(body)) throw malformed('Send a JSON object.')
  return body
}
