// Settings of the invented company, as somebody would have made them in the ERP's own screens.

/** Where sales go when neither product nor product group says otherwise: 25 % VAT. It cannot be deleted. */
export const defaultSalesAccountNo = 3000

/** The group of products created without one. It cannot be deleted. */
export const defaultProductGroupId = 6_100_001

/** Seeded accounts have ids that follow from their number; later ones are counted on from 3 500 000. */
export function seededAccountId(accountNo: number): number {
  return 3_300_000 + accountNo
}
