import type { Condition } from '../entity-store.ts'
import { changedAfter, enumName, type Filter, flag, numberRanges, readFlag, textList } from '../filters.ts'
import { explicitlyNone } from './dimensions.ts'

/** Of GET /SalesOrders (README.md); the last three are absent from the 2025 descriptions. */
export const orderFilters: readonly Filter[] = [
  changedAfter('lastChangedDateTimeOffsetGreaterThan', 'changed'),
  numberRanges('customerNos', 'customerNo'),
  codesOrNone('departmentCodes', 'departmentCode'),
  projectCodes(),
  enumName('orderStatus', 'orderStatus', 'OrderStatus'),
  ...flagsWithoutRows('includeSubProject', 'showInherited'),
  onlyOwn(),
  { ...numberRanges('salesOrderNos', 'salesOrderNo'), later: true },
  textList('externalImportReferences', 'externalImportReference', { later: true }),
  { ...numberRanges('importedOrderNos', 'importedOrderNo'), later: true },
]

/** Codes of the head, lines not looked at; -1 is those without a code (README.md). */
export function codesOrNone(name: string, column: string): Filter {
  const codes = textList(name, column)
  return {
    name,
    condition(value, switches): Condition {
      const { sql, values } = codes.condition(value, switches)
      const asksForNone = value.split(',').some((code) => code.trim() === String(explicitlyNone))
      return asksForNone ? { sql: `${sql} OR ${column} IS NULL`, values } : { sql, values }
    },
  }
}

/** The company has no projects, so every record is one without. */
export function projectCodes(): Filter {
  return {
    name: 'projectCodes',
    condition: (value) => ({
      sql: value.split(',').some((code) => code.trim() === String(explicitlyNone)) ? '1' : '0',
      values: [],
    }),
  }
}

/** Read, and refused when neither true nor false; they select no rows. */
export function flagsWithoutRows(...names: readonly string[]): readonly Filter[] {
  return names.map((name) => ({
    name,
    condition(value) {
      readFlag(name, value)
      return { sql: '1', values: [] }
    },
  }))
}

/** false asks for nothing, rather than for those of others. */
export function onlyOwn(): Filter {
  const name = 'onlyCreatedByCurrentIntegration'
  const own = flag(name, 'isOwn')
  return {
    name,
    condition: (value, switches) => (readFlag(name, value) ? own.condition(value, switches) : { sql: '1', values: [] }),
  }
}
