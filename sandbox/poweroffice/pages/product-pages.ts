import { html } from 'hono/html'
import type { Field } from '../../pages/field.ts'
import { shownTime } from '../../pages/frame.ts'
import type { RecordPages } from '../../pages/record-pages.ts'
import type { ProductGroupDto } from '../product-groups/dto.ts'
import { productGroupKind } from '../product-groups/kind.ts'
import type { ProductDto } from '../products/dto.ts'
import { effectiveProduct } from '../products/effective.ts'
import { productKind } from '../products/kind.ts'
import type { SandboxState } from '../sandbox-state.ts'
import { kindPages, latestFirst } from './kind-pages.ts'
import { containing, productGroupLookup } from './lookups.ts'
import { salesAccountOptions } from './terms.ts'

export function productPages(state: SandboxState): RecordPages<ProductDto> {
  const inherited = 'That of the group where empty.'
  return kindPages(state, productKind, {
    path: '/products',
    title: 'Products',
    singular: 'product',
    plural: 'products',
    list: {
      placeholder: 'Name, code, GTIN',
      columns: [
        { title: 'Code' },
        { title: 'Name' },
        { title: 'Group' },
        { title: 'Price', isNumber: true },
        { title: 'On hand', isNumber: true },
        { title: 'Available', isNumber: true },
        { title: 'Changed', isNumber: true, isQuiet: true },
      ],
      find: ({ words, limit, offset }) =>
        state.products.seen({ where: containing(words), orderBy: latestFirst, limit, offset }),
      row: (product) => ({
        cells: [
          product.Code,
          html`<a href="/products/${product.Id}">${product.Name ?? product.Id}</a>${product.IsArchived === true ? ' (archived)' : ''}`,
          product.ProductGroupCode,
          effectiveProduct(state, product).unitPrice,
          product.StockOnHand,
          product.StockAvailable,
          shownTime(product.LastChangedDateTimeOffset),
        ],
        isQuiet: product.IsArchived === true,
      }),
    },
    nameOf: (product) => product.Name ?? String(product.Id),
    facts: (product) => [
      ['Sold for', effectiveProduct(state, product).unitPrice],
      ['Available', product.StockAvailable],
    ],
    fields: () => [
      { name: 'Code', label: 'Code', kind: 'text' },
      { name: 'Name', label: 'Name', kind: 'text', required: true },
      {
        name: 'ProductGroupId',
        label: 'Group',
        kind: 'record',
        lookup: productGroupLookup(state),
        hint: 'The standard group where empty.',
      },
      ...saleFields(state, inherited),
      { name: 'Gtin', label: 'GTIN', kind: 'text' },
      { name: 'IsStockItem', label: 'Kept in stock', kind: 'yesNo' },
      { name: 'StockOnHand', label: 'Stock on hand', kind: 'decimal', hint: 'Of products that are kept in stock.' },
      { name: 'Description', label: 'Description', kind: 'long' },
    ],
  })
}

/** What a group says holds for its products where they say nothing. */
export function productGroupPages(state: SandboxState): RecordPages<ProductGroupDto> {
  return kindPages(state, productGroupKind, {
    path: '/product-groups',
    title: 'Product groups',
    singular: 'product group',
    plural: 'product groups',
    list: {
      placeholder: 'Name, code',
      columns: [
        { title: 'Code' },
        { title: 'Name' },
        { title: 'Price', isNumber: true },
        { title: 'Changed', isNumber: true, isQuiet: true },
      ],
      find: ({ words, limit, offset }) =>
        state.productGroups.seen({ where: containing(words), orderBy: latestFirst, limit, offset }),
      row: (group) => ({
        cells: [
          group.Code,
          html`<a href="/product-groups/${group.Id}">${group.Name ?? group.Id}</a>${group.IsArchived === true ? ' (archived)' : ''}`,
          group.UnitPrice,
          shownTime(group.LastChangedDateTimeOffset),
        ],
        isQuiet: group.IsArchived === true,
      }),
    },
    nameOf: (group) => group.Name ?? String(group.Id),
    fields: () => [
      { name: 'Code', label: 'Code', kind: 'text' },
      { name: 'Name', label: 'Name', kind: 'text' },
      ...saleFields(state, 'Of products that have none of their own.'),
    ],
  })
}

function saleFields(state: SandboxState, hint: string): readonly Field[] {
  const accounts = salesAccountOptions(state)
  return [
    { name: 'ProductType', label: 'Type', kind: 'choice', options: [] },
    { name: 'UnitPrice', label: 'Price ex VAT', kind: 'decimal', hint },
    { name: 'UnitCost', label: 'Cost', kind: 'decimal', hint },
    { name: 'UnitOfMeasureCode', label: 'Unit', kind: 'choice', options: [], hint },
    {
      name: 'StandardSalesAccountId',
      label: 'Sales account',
      kind: 'choice',
      options: accounts,
      hint: 'It carries the VAT.',
    },
    { name: 'OptionalSalesAccountId', label: 'Sales account free of VAT', kind: 'choice', options: accounts },
    { name: 'IsArchived', label: 'Archived', kind: 'yesNo' },
  ]
}
