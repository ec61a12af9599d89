import { changedAfter, type Filter, numberRanges, readFlag, textList } from '../filters.ts'
import { badResourceParameter, malformed } from '../problem.ts'
import type { SandboxState } from '../sandbox-state.ts'
import { codesOrNone, flagsWithoutRows, onlyOwn, projectCodes } from './order-filters.ts'

/** Of GET /OutgoingInvoices (README.md). */
export function invoiceFilters(state: SandboxState): readonly Filter[] {
  return [
    changedAfter('balanceLastChangedDateTimeOffsetGreaterThan', 'balanceChanged'),
    changedAfter('sentDateTimeOffsetGreaterThan', 'sent'),
    requiredDate(state, 'fromDate', '>='),
    requiredDate(state, 'toDate', '<='),
    numberRanges('customerNos', 'customerNo'),
    numberRanges('invoiceNos', 'invoiceNo'),
    numberRanges('voucherNos', 'voucherNo'),
    textList('customMatchingReferences', 'customMatchingReference'),
    textList('invoiceIds', 'id', { normalise: (id) => id.toLowerCase() }),
    codesOrNone('departmentCodes', 'departmentCode'),
    projectCodes(),
    ...flagsWithoutRows('includeSubProject'),
    onlyOwn(),
    onlyUnpaid(),
  ]
}

/** Of the voucher date, ends included. An integrator found the list refused without both; the description calls neither required. */
function requiredDate(state: SandboxState, name: 'fromDate' | 'toDate', operator: '>=' | '<='): Filter {
  return {
    name,
    condition(value) {
      const date = value.trim().slice(0, 10)
      if (!/^\d{4}-\d\d-\d\d$/.test(date) || Number.isNaN(Date.parse(date))) {
        throw malformed(`The value '${value}' is not valid for ${name}.`, name)
      }
      return { sql: `voucherDate ${operator} ?`, values: [date] }
    },
    whenAbsent() {
      if (state.settings.current().invoiceListDates === 'optional') return { sql: '1', values: [] }
      throw badResourceParameter('fromDate and toDate are required.')
    },
  }
}

function onlyUnpaid(): Filter {
  const name = 'onlyUnpaidInvoices'
  return { name, condition: (value) => ({ sql: readFlag(name, value) ? 'isOpen = 1' : '1', values: [] }) }
}
