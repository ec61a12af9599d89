import { html } from 'hono/html'
import { type Field, recordText } from '../../pages/field.ts'
import { shownTime } from '../../pages/frame.ts'
import type { RecordPages } from '../../pages/record-pages.ts'
import { type ProductFields, productTypes } from '../product-schema.ts'
import type { StoredRecord } from '../record-store.ts'
import type { Shop } from '../shop.ts'
import type { AllShopUsers } from '../shop-users.ts'
import { productLookup } from './lookups.ts'

type Product = StoredRecord<ProductFields>

export function productPages(shop: Shop, users: AllShopUsers): RecordPages<Product> {
  const lookup = productLookup(shop)
  return {
    path: '/products',
    title: 'Products',
    singular: 'product',
    plural: 'products',
    list: {
      placeholder: 'SKU, name, GTIN, category',
      columns: [
        { title: 'SKU' },
        { title: 'Name' },
        { title: 'Type' },
        { title: 'Category' },
        { title: 'Price ex VAT', isNumber: true },
        { title: 'VAT %', isNumber: true },
        { title: 'ERP stock', isNumber: true },
        { title: 'Changed', isNumber: true, isQuiet: true },
      ],
      find: ({ words, ...rows }) => shop.stores.products.search(words, new Map(), rows),
      row: (product) => ({
        cells: [
          product.sku,
          html`<a href="/products/${product.id}">${product.name ?? product.id}</a>${statesOf(product)}`,
          product.type,
          product.category,
          product.priceExVat,
          product.vatRate,
          product.erpStock,
          shownTime(product.changedAt),
        ],
        isQuiet: !product.active,
      }),
    },
    get: (id) => users.products.existing(id),
    nameOf: (product) => product.name ?? product.id,
    facts: (product) => [
      ['Id', `${product.id}, version ${product.version}`],
      ['ERP id', product.erpId],
      ['Changed', shownTime(product.changedAt)],
    ],
    fields: () => [...fields, { name: 'variantOf', label: 'Variant of', kind: 'record', lookup }],
    values: (product) => {
      const parent = product.variantOf === null ? undefined : lookup.find(product.variantOf)
      return {
        ...Object.fromEntries(textNames.map((name) => [name, product[name] ?? ''])),
        active: product.active ? 'yes' : '',
        published: product.published ? 'yes' : '',
        variantOf: parent ? recordText(parent) : (product.variantOf ?? ''),
      }
    },
    begin: () => ({ type: 'product', vatRate: '25', active: 'yes', published: 'yes' }),
    create: (given) => users.products.create(given).id,
    change: (id, given) => void users.products.edit(id, given),
    remove: (id) => users.products.remove(id),
  }
}

function statesOf({ active, published }: ProductFields): string {
  const states = [active ? '' : 'inactive', published ? '' : 'not published'].filter(Boolean)
  return states.length === 0 ? '' : ` (${states.join(', ')})`
}

const textNames = [
  'sku',
  'name',
  'gtin',
  'description',
  'type',
  'category',
  'unit',
  'priceExVat',
  'vatRate',
  'erpStock',
] as const

const fields: readonly Field[] = [
  { name: 'sku', label: 'SKU', kind: 'text', required: true },
  { name: 'name', label: 'Name', kind: 'text', required: true },
  { name: 'priceExVat', label: 'Price ex VAT', kind: 'decimal' },
  { name: 'vatRate', label: 'VAT %', kind: 'decimal' },
  { name: 'gtin', label: 'GTIN', kind: 'text' },
  {
    name: 'type',
    label: 'Type',
    kind: 'choice',
    options: productTypes.map((value) => ({ value, label: value })),
    required: true,
  },
  { name: 'category', label: 'Category', kind: 'text' },
  { name: 'unit', label: 'Unit', kind: 'text' },
  { name: 'erpStock', label: 'ERP stock', kind: 'decimal', hint: 'Given by the ERP, as a rule.' },
  { name: 'active', label: 'Active', kind: 'yesNo' },
  { name: 'published', label: 'Published', kind: 'yesNo' },
  { name: 'description', label: 'Description', kind: 'long' },
]
