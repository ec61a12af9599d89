/** The GTIN has a right check digit. */
const fields = {
  sku: 'KV-1001',
  name: 'Håndkvern for kaffe',
  gtin: '7038010009457',
  description: 'Kvern av stål og ask. Maler grovt til fint.',
  type: 'product',
  category: 'Kaffeutstyr',
  unit: 'stk',
  priceExVat: '499.00',
  vatRate: '25',
  erpStock: '38',
  active: true,
} as const

const stamps = { createdAt: '2026-01-12T07:40:02.550Z', changedAt: '2026-11-20T16:31:09.002Z' }

export const product = {
  id: 'p-000045',
  version: '7-3ab90c12',
  ...stamps,
  ...fields,
  published: true,
  variantOf: null,
  erpId: '902',
}

export const newProduct = { ...fields, published: false, erpId: '902' }

export const deletedProduct = {
  id: 'p-000031',
  deleted: true,
  erpId: '877',
  version: '4-88e1f0b3',
  changedAt: '2026-11-19T11:45:00.310Z',
}
