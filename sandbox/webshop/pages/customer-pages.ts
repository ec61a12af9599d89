import { html } from 'hono/html'
import { type Field, nested } from '../../pages/field.ts'
import { linkButton, shownTime } from '../../pages/frame.ts'
import type { RecordPages } from '../../pages/record-pages.ts'
import { addressText } from '../address.ts'
import type { CustomerFields } from '../customer-schema.ts'
import type { StoredRecord } from '../record-store.ts'
import type { CustomerKind } from '../settings.ts'
import type { Shop } from '../shop.ts'
import type { AllShopUsers } from '../shop-users.ts'
import { addressFields, addressValues } from './addresses.ts'
import { customerName, kindFilter } from './lookups.ts'

type Customer = StoredRecord<CustomerFields>

const kindOptions = [
  { value: 'company', label: 'company' },
  { value: 'person', label: 'person' },
] as const

/** Companies and people. A department opened here shows its own fields all the same. */
export function customerPages(shop: Shop, users: AllShopUsers): RecordPages<Customer> {
  return {
    ...shared(users, 'company'),
    path: '/customers',
    title: 'Customers',
    singular: 'customer',
    plural: 'customers',
    list: {
      placeholder: 'Name, e-mail, number, city',
      filters: [
        {
          name: 'kind',
          label: 'Kind',
          // As the contract says of departments: they are not in the customer search; they have a list of their own.
          options: [
            { value: 'all', label: 'companies and people' },
            { value: 'company', label: 'companies' },
            { value: 'person', label: 'people' },
          ],
        },
      ],
      columns: [
        { title: 'Name' },
        { title: 'Kind' },
        { title: 'E-mail' },
        { title: 'Org. number' },
        { title: 'Customer number', isNumber: true },
        { title: 'Address' },
        { title: 'Changed', isNumber: true, isQuiet: true },
      ],
      find: ({ words, filters: { kind = 'all' }, ...rows }) =>
        shop.stores.customers.search(
          words,
          kindFilter(kind === 'all' ? ['company', 'person'] : [kind as CustomerKind]),
          rows,
        ),
      row: (customer) => ({
        cells: [
          html`<a href="/customers/${customer.id}">${customerName(customer) || customer.id}</a>`,
          [customer.kind, customer.guest ? 'guest' : '', customer.active ? '' : 'inactive'].filter(Boolean).join(', '),
          customer.email,
          customer.organizationNumber,
          customer.customerNumber,
          addressText(customer.address),
          shownTime(customer.changedAt),
        ],
        isQuiet: !customer.active,
      }),
    },
  }
}

export function departmentPages(shop: Shop, users: AllShopUsers): RecordPages<Customer> {
  return {
    ...shared(users, 'department'),
    path: '/departments',
    title: 'Departments',
    singular: 'department',
    plural: 'departments',
    list: {
      placeholder: 'Name, code',
      columns: [
        { title: 'Code' },
        { title: 'Name' },
        { title: 'Id', isQuiet: true },
        { title: 'Changed', isNumber: true, isQuiet: true },
      ],
      find: ({ words, ...rows }) => shop.stores.customers.search(words, kindFilter(['department']), rows),
      row: (department) => ({
        cells: [
          department.customerNumber,
          html`<a href="/departments/${department.id}">${department.name}</a>${department.active ? '' : ' (inactive)'}`,
          department.id,
          shownTime(department.changedAt),
        ],
        isQuiet: !department.active,
      }),
    },
  }
}

function shared(users: AllShopUsers, kind: 'company' | 'department') {
  return {
    get: (id: string) => users.customers.existing(id),
    nameOf: (customer: Customer) => customerName(customer) || customer.id,
    facts: (customer: Customer) => [
      ['Id', `${customer.id}, version ${customer.version}`] as const,
      ['ERP id', customer.erpId] as const,
      ['Changed', shownTime(customer.changedAt)] as const,
    ],
    fields: (customer: Customer | null) =>
      (customer?.kind ?? kind) === 'department' ? departmentFields : customerFields,
    values: (customer: Customer) => ({
      ...Object.fromEntries(textNames.map((name) => [name, customer[name] ?? ''])),
      ...addressValues('address', customer.address),
      kind: customer.kind,
      active: customer.active ? 'yes' : '',
      guest: customer.guest ? 'yes' : '',
    }),
    begin: () => ({ kind: kind === 'department' ? '' : kind, active: 'yes' }),
    buttons: ({ kind: own, id }: Customer) =>
      own === 'department'
        ? html``
        : html`${linkButton(`/orders?q=${id}`, 'Orders')}${linkButton(`/orders/new?customer=${id}`, 'Place an order')}`,
    create: (given: Readonly<Record<string, unknown>>) =>
      users.customers.create(nested(kind === 'department' ? { ...given, kind } : given)).id,
    change: (id: string, given: Readonly<Record<string, unknown>>) => void users.customers.edit(id, nested(given)),
    remove: (id: string) => users.customers.remove(id),
  }
}

const textNames = [
  'name',
  'firstName',
  'lastName',
  'email',
  'phone',
  'organizationNumber',
  'customerNumber',
  'invoiceEmail',
  'website',
] as const

const active: Field = { name: 'active', label: 'Active', kind: 'yesNo' }

const customerFields: readonly Field[] = [
  { name: 'kind', label: 'Kind', kind: 'choice', options: kindOptions, required: true },
  { name: 'name', label: 'Name', kind: 'text', hint: 'Of a company.' },
  { name: 'firstName', label: 'First name', kind: 'text', hint: 'Of a person.' },
  { name: 'lastName', label: 'Last name', kind: 'text', hint: 'Of a person.' },
  { name: 'email', label: 'E-mail', kind: 'email' },
  { name: 'phone', label: 'Phone', kind: 'tel' },
  { name: 'organizationNumber', label: 'Organisation number', kind: 'text' },
  { name: 'customerNumber', label: 'Customer number', kind: 'text', hint: 'Given by the ERP, as a rule.' },
  { name: 'invoiceEmail', label: 'E-mail for invoices', kind: 'email' },
  { name: 'website', label: 'Website', kind: 'text' },
  active,
  { name: 'guest', label: 'Ordered as a guest', kind: 'yesNo' },
  ...addressFields('address', 'Address'),
]

const departmentFields: readonly Field[] = [
  { name: 'name', label: 'Name', kind: 'text', required: true },
  { name: 'customerNumber', label: 'Code', kind: 'text' },
  active,
]
