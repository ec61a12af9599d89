import type { Row } from '../../flows/row.ts'
import { unreachable } from '../../flows/unreachable.ts'

/** One row as columns: kind, PowerOffice id, webshop id, and what is to be said of it. */
export function linkColumns(row: Row): string[] {
  switch (row.kind) {
    case 'linked':
      return ['linked', row.erpId, row.shopId, '']
    case 'seen':
      return ['seen', ...ownId(row), row.others.length === 0 ? row.reason : `${row.reason}: ${row.others.join(', ')}`]
    case 'creating':
      return ['creating', ...ownId(row), row.reference]
    case 'gone':
      return ['gone', row.erpId ?? '-', row.shopId ?? '-', new Date(row.at).toISOString()]
    case 'apart':
      return ['apart', row.erpId, row.shopId, `by ${row.by}, ${new Date(row.at).toISOString()}`]
    default:
      return unreachable(row)
  }
}

function ownId({ side, id }: { readonly side: 'erp' | 'shop'; readonly id: string }): [string, string] {
  return side === 'erp' ? [id, '-'] : ['-', id]
}
