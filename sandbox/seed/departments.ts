import type { FlowExpectation } from './types.ts'

export interface ErpSeedDepartment {
  /** Text: leading zeros belong to it. */
  readonly code: string
  readonly name: string
  readonly active: boolean
}

/** In the webshop a customer of kind department, which an order may name. */
export interface ShopSeedDepartment {
  readonly customerNumber: string
  readonly name: string
  readonly active: boolean
}

const known: readonly (ErpSeedDepartment & { readonly nameInShop?: string })[] = [
  { code: '01', name: 'Administrasjon', active: true },
  { code: '02', name: 'Nettbutikk', active: true, nameInShop: 'Nettbutikk' },
  { code: '03', name: 'Butikk Oslo', active: true, nameInShop: 'Butikk Oslo' },
  { code: '04', name: 'Butikk Bergen', active: true, nameInShop: 'Butikk Bergen ' },
  { code: '05', name: 'Butikk Tromsø', active: true, nameInShop: 'Butikken i Tromsø' },
  { code: '007', name: 'Lager Ås', active: true },
  { code: '10', name: 'Innkjøp', active: true },
  { code: '20', name: 'Bedriftssalg', active: true, nameInShop: 'BEDRIFTSSALG' },
  { code: '30', name: 'Kundeservice', active: true, nameInShop: 'Kundeservice' },
  { code: '0400', name: 'Prosjekt Fjellheim', active: true },
  { code: 'MRK', name: 'Markedsføring', active: true },
  { code: '99', name: 'Butikk Drammen (nedlagt)', active: false },
]

/** Departments are few in any company: their number does not follow the seed's size. */
export function seedDepartments(): { erp: ErpSeedDepartment[]; shop: ShopSeedDepartment[] } {
  return {
    erp: known.map(({ code, name, active }) => ({ code, name, active })),
    shop: known.flatMap(({ code, nameInShop }) =>
      nameInShop === undefined ? [] : [{ customerNumber: code, name: nameInShop, active: true }],
    ),
  }
}

export const departmentExpectation: FlowExpectation = {
  pairs: 6,
  erpOnly: 5,
  shopOnly: 0,
  ambiguous: 0,
  refused: 0,
  waiting: 0,
  dormantErp: 1,
  dormantShop: 0,
}
