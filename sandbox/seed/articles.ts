import { accountOf, type VatRate } from './ledger.ts'
import { articleGroupCode } from './product-groups.ts'
import type { ErpSeedProduct } from './product-types.ts'

interface Article {
  readonly code: string
  readonly name: string
  readonly rate: VatRate
  readonly unitPrice?: string
}

// A line's VAT comes from its product's account, so each rate at which a shop may charge freight takes an article of its own.
// There is none for freight at 12 % on purpose: one order of the shop waits for somebody to make it.
const articles: readonly Article[] = [
  { code: 'FRAKT', name: 'Frakt', rate: '25', unitPrice: '119.2' },
  { code: 'FRAKT15', name: 'Frakt, næringsmidler', rate: '15', unitPrice: '129.57' },
  { code: 'FRAKT0', name: 'Frakt, avgiftsfri', rate: '0', unitPrice: '149' },
  { code: 'GEBYR', name: 'Fakturagebyr', rate: '25', unitPrice: '39.2' },
  { code: 'RABATT', name: 'Rabatt', rate: '25' },
  { code: 'RABATT15', name: 'Rabatt, næringsmidler', rate: '15' },
  { code: 'RABATT12', name: 'Rabatt, opplevelser', rate: '12' },
  { code: 'RABATT0', name: 'Rabatt, avgiftsfri', rate: '0' },
  { code: 'GAVEKORT', name: 'Gavekort', rate: '0' },
  { code: 'AVRUNDING', name: 'Øreavrunding', rate: '0' },
]

/** Lines of an order that are no goods, by kind and VAT rate, to the code of the article they stand on in the ERP. */
export const seedLineProducts: Readonly<Record<string, string>> = {
  shipping: 'FRAKT',
  'shipping:15': 'FRAKT15',
  'shipping:0': 'FRAKT0',
  payment: 'GEBYR',
  discount: 'RABATT',
  'discount:15': 'RABATT15',
  'discount:12': 'RABATT12',
  'discount:0': 'RABATT0',
  giftcard: 'GAVEKORT',
  rounding: 'AVRUNDING',
}

export function articleProducts(): ErpSeedProduct[] {
  return articles.map(({ code, name, rate, unitPrice }) => ({
    code,
    name,
    description: null,
    gtin: null,
    group: articleGroupCode,
    type: 'Service',
    unitPrice: unitPrice ?? null,
    unit: null,
    salesAccount: accountOf(rate),
    stockOnHand: null,
    archived: false,
  }))
}
