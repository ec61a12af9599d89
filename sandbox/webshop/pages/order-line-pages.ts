import { html } from 'hono/html'
import type { Field, Given } from '../../pages/field.ts'
import { type FormRoute, mountAction, mountForm } from '../../pages/form-routes.ts'
import { carefulButton } from '../../pages/frame.ts'
import { withNotice } from '../../pages/notices.ts'
import type { Pages } from '../../pages/pages.ts'
import { idOf } from '../../pages/record-pages.ts'
import { lineKinds, type OrderLine } from '../line-schema.ts'
import { Problem } from '../problem.ts'
import type { Shop } from '../shop.ts'
import type { AllShopUsers } from '../shop-users.ts'
import { productLookup } from './lookups.ts'
import { textOf } from './order-fields.ts'

/** Add, edit and remove one line of an order. */
export function mountOrderLines(pages: Pages, shop: Shop, users: AllShopUsers): void {
  const lookup = productLookup(shop)
  const orderOf = (id: string) => users.orders.existing(id)

  mountForm(pages, {
    path: '/orders/:id/lines/new',
    view: (context) => ({
      title: `New line of order ${orderOf(idOf(context)).number}`,
      place: '/orders',
      fields: lineFields(lookup).filter(({ only }) => only !== 'edit'),
      values: { kind: 'product', quantity: '1' },
      isNew: true,
      submit: 'Add the line',
      above: back(idOf(context)),
    }),
    save: (context, given) => {
      users.orders.addLine(idOf(context), { ...ofProduct(users, given), ...given })
      return withNotice(`/orders/${idOf(context)}`, 'saved')
    },
  })

  const line: FormRoute = {
    path: '/orders/:id/lines/:line',
    view: (context) => {
      const order = orderOf(idOf(context))
      const found = order.lines.find(({ id }) => id === idOf(context, 'line'))
      if (!found) throw new Problem(404, 'not-found', `Order ${order.number} has no line ${idOf(context, 'line')}.`)
      const address = `/orders/${order.id}/lines/${found.id}`
      return {
        title: `Line ${found.position} of order ${order.number}`,
        place: '/orders',
        fields: lineFields(lookup),
        values: { ...valuesOf(found), productId: textOf(lookup, found.productId) },
        isNew: false,
        submit: 'Save',
        buttons: carefulButton(`${address}/delete`, {
          label: 'Delete',
          question: `${found.description} will be taken out of order ${order.number}.`,
          yes: 'Delete this line',
        }),
        above: back(order.id),
      }
    },
    save: (context, given) => {
      users.orders.editLine(idOf(context), idOf(context, 'line'), given)
      return withNotice(`/orders/${idOf(context)}`, 'saved')
    },
  }
  mountForm(pages, line)
  mountAction(pages, {
    path: '/orders/:id/lines/:line/delete',
    on: line,
    act: (context) => {
      users.orders.removeLine(idOf(context), idOf(context, 'line'))
      return withNotice(`/orders/${idOf(context)}`, 'deleted')
    },
  })
}

function back(orderId: string) {
  return html`<p class="back"><a href="/orders/${orderId}">Back to the order</a></p>`
}

/** What a new line takes over from its product where nothing else was typed. */
function ofProduct(users: AllShopUsers, given: Given): Record<string, unknown> {
  const product = users.products.get(String(given['productId'] ?? ''))
  if (!product) return {}
  const { name, sku, unit, priceExVat, vatRate } = product
  return { description: name ?? sku, unit, unitPriceExVat: priceExVat, vatRate }
}

function valuesOf(line: OrderLine): Record<string, string> {
  const { kind, description, quantity, unit, unitPriceExVat, discountPercent, vatRate, position } = line
  return {
    kind,
    description,
    quantity: quantity ?? '',
    unit: unit ?? '',
    unitPriceExVat: unitPriceExVat ?? '',
    discountPercent: discountPercent ?? '',
    vatRate: vatRate ?? '',
    position: String(position),
  }
}

function lineFields(lookup: ReturnType<typeof productLookup>): readonly Field[] {
  const takenOver = 'That of the product where empty in a new line.'
  return [
    {
      name: 'kind',
      label: 'Kind',
      kind: 'choice',
      required: true,
      options: lineKinds.map((value) => ({ value, label: value })),
    },
    { name: 'productId', label: 'Product', kind: 'record', lookup, hint: 'Of lines of kind product only.' },
    { name: 'quantity', label: 'Quantity', kind: 'decimal' },
    { name: 'unit', label: 'Unit', kind: 'text' },
    { name: 'unitPriceExVat', label: 'Price ex VAT', kind: 'decimal', hint: takenOver },
    { name: 'discountPercent', label: 'Discount %', kind: 'decimal' },
    { name: 'vatRate', label: 'VAT %', kind: 'decimal', hint: takenOver },
    { name: 'position', label: 'Position', kind: 'whole', only: 'edit' },
    { name: 'description', label: 'Description', kind: 'long', hint: takenOver },
  ]
}
