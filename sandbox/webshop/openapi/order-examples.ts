/** Two mills at a tenth off, and freight. Both lines with 25 % VAT: 898.20 + 79.20, and 224.55 + 19.80. */

const mill = {
  kind: 'product',
  description: 'Håndkvern for kaffe',
  productId: 'p-000045',
  quantity: '2',
  unit: 'stk',
  unitPriceExVat: '499.00',
  discountPercent: '10',
  vatRate: '25',
  position: 1,
} as const

const freight = {
  kind: 'shipping',
  description: 'Frakt, pakke til hentested',
  productId: null,
  quantity: '1',
  unit: null,
  unitPriceExVat: '79.20',
  discountPercent: null,
  vatRate: '25',
  position: 2,
} as const

export const line = { id: 'l-000301', sku: 'KV-1001', ...mill }

export const newLine = {
  ...freight,
  kind: 'payment',
  description: 'Fakturagebyr',
  unitPriceExVat: '39.20',
  position: 3,
}

const header = {
  customerId: 'c-000123',
  departmentId: 'c-000007',
  status: 'confirmed',
  currency: 'NOK',
  orderedAt: '2026-11-23T08:15:30.000Z',
  purchaseOrderReference: 'PO-8841',
  customerReference: 'Åse Bjørnstad',
  erpOrderNumber: '30455',
} as const

export const order = {
  id: 'o-000210',
  version: '4-c41b9a02',
  createdAt: '2026-11-23T08:15:30.123Z',
  changedAt: '2026-11-24T07:01:12.480Z',
  number: '10210',
  ...header,
  deliveryAddress: { line1: 'Kaigata 2', line2: null, zip: '9008', city: 'Tromsø', country: 'NO' },
  payment: { status: 'authorised', method: 'vipps', reference: 'vp-77120934' },
  invoiceNumber: null,
  invoiceDueDate: null,
  invoiceBalance: null,
  creditsOrderId: null,
  totalExVat: '977.40',
  totalIncVat: '1221.75',
  erpId: '5530',
  lines: [line, { id: 'l-000302', sku: null, ...freight }],
}

export const newOrder = { ...header, status: 'open', erpId: '5530', lines: [mill, freight] }

const invoice = {
  status: 'invoiced',
  invoiceNumber: '70012',
  invoiceDueDate: '2026-12-08',
  invoiceBalance: '561.02',
} as const

/** Changes one line, removes one and adds one, in the document that locks the order. */
export const invoicing = {
  ...invoice,
  lines: [
    { id: 'l-000301', quantity: '1' },
    { id: 'l-000302', deleted: true },
    { kind: 'rounding', description: 'Øreavrunding', unitPriceExVat: '-0.36', vatRate: '0' },
  ],
}

export const invoicedOrder = {
  ...order,
  version: '5-0a2e7d19',
  changedAt: '2026-11-24T12:30:00.000Z',
  ...invoice,
  totalExVat: '448.74',
  totalIncVat: '561.02',
  lines: [
    { ...line, quantity: '1' },
    {
      id: 'l-000303',
      sku: null,
      kind: 'rounding',
      description: 'Øreavrunding',
      productId: null,
      quantity: null,
      unit: null,
      unitPriceExVat: '-0.36',
      discountPercent: null,
      vatRate: '0',
      position: 2,
    },
  ],
}

export const deletedOrder = {
  id: 'o-000188',
  deleted: true,
  erpId: null,
  version: '3-77aa01be',
  changedAt: '2026-11-21T10:00:03.777Z',
}
