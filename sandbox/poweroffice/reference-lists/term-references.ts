import type { Reference } from '../references.ts'

/** PaymentTermId and PaymentTerm (its days) of customers and orders; the table needs a column paymentTermId. */
export const paymentTermReference: Reference = {
  id: 'PaymentTermId',
  column: 'paymentTermId',
  to: 'paymentTerms',
  noun: 'Payment term',
  key: { property: 'PaymentTerm', of: 'CreditDays', column: 'creditDays', word: 'days' },
}

/** DeliveryTermId and DeliveryTerm. Any text is allowed, incoterms are only the default set (README.md). */
export const deliveryTermReference: Reference = {
  id: 'DeliveryTermId',
  column: 'deliveryTermId',
  to: 'deliveryTerms',
  noun: 'Delivery term',
  key: { property: 'DeliveryTerm', of: 'Name', column: 'termName', word: 'name', isFreeText: true },
}
