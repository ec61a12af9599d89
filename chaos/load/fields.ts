import type { Entity, Side } from './ledger.ts'

/** A field that people edit, in the words of both systems; `value` makes the nth value of a record, unlike any other. */
export interface EditedField {
  readonly name: string
  readonly value: (record: number, nth: number) => string
  readonly write: Readonly<Record<Side, (value: string) => object>>
}

const text = (name: string, erp: string, shop: string, value: EditedField['value']): EditedField => ({
  name,
  value,
  write: { erp: (written) => ({ [erp]: written }), shop: (written) => ({ [shop]: written }) },
})

export const fieldsOf: Readonly<Record<Entity | 'line', readonly EditedField[]>> = {
  customer: [
    // A number that libraries take for one of a Norwegian subscriber: 8 digits that begin with 4 or 9.
    text(
      'phone',
      'PhoneNumber',
      'phone',
      (record, nth) => `+47 4${String((record * 1_009 + nth) % 10_000_000).padStart(7, '0')}`,
    ),
    text(
      'invoiceEmail',
      'InvoiceEmailAddress',
      'invoiceEmail',
      (record, nth) => `faktura${nth}.${record}@kaos.example`,
    ),
    text('name', 'Name', 'name', (record, nth) => `Kaos ${record} nr ${nth} AS`),
    // The key by which records match: a linked pair survives its change.
    text('email', 'EmailAddress', 'email', (record, nth) => `post${nth}.${record}@kaos.example`),
  ],
  product: [
    text('name', 'Name', 'name', (record, nth) => `Vare ${record} utgave ${nth}`),
    text('description', 'Description', 'description', (record, nth) => `Beskrivelse ${nth} av ${record}`),
    {
      name: 'price',
      value: (record, nth) => `${100 + nth}.${String(record % 100).padStart(2, '0')}`,
      write: { erp: (value) => ({ UnitPrice: Number(value) }), shop: (value) => ({ priceExVat: value }) },
    },
  ],
  order: [],
  line: [
    {
      name: 'quantity',
      value: (_record, nth) => String(1 + (nth % 900)),
      write: { erp: (value) => ({ Quantity: Number(value) }), shop: (value) => ({ quantity: value }) },
    },
  ],
}
