import type { ErpScope } from '../../flows/flow-options.ts'

/**
 * Why a record of PowerOffice takes no part (rule 4c, docs/rules.md); null: it does. Told from the record itself: the list's
 * own filters may be ignored, and what they leave out would look deleted. Pure.
 */

export function customerOutOfScope(groupIds: readonly number[], { contactGroupIds }: ErpScope): string | null {
  if (contactGroupIds.length === 0) return null
  return groupIds.some((group) => contactGroupIds.includes(group)) ? null : 'contactGroup'
}

export function productOutOfScope(groupCode: string | null, { productGroupCodes }: ErpScope): string | null {
  return isAmong(groupCode, productGroupCodes) ? null : 'productGroup'
}

export function departmentOutOfScope(code: string | null, { departmentCodes }: ErpScope): string | null {
  return isAmong(code, departmentCodes) ? null : 'department'
}

/** @param reference our reference on the order: what this integration made carries one, invoiced or not */
export function orderOutOfScope(
  order: { readonly departmentCode: string | null; readonly reference: string | null },
  scope: ErpScope,
): string | null {
  if (scope.onlyCreatedByCurrentIntegration && order.reference === null) return 'otherIntegration'
  return departmentOutOfScope(order.departmentCode, scope)
}

function isAmong(code: string | null, chosen: readonly string[]): boolean {
  return chosen.length === 0 || (code !== null && chosen.some((one) => one.trim() === code.trim()))
}
