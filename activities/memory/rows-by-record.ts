import type { Row } from '../../flows/row.ts'
import { type RecordKey, recordKey } from '../../flows/side.ts'

/** Rows by every record they speak of. */
export function rowsByRecord(rows: readonly Row[]): Map<RecordKey, Row[]> {
  const byKey = new Map<RecordKey, Row[]>()
  const add = (key: RecordKey, row: Row): void => {
    byKey.set(key, [...(byKey.get(key) ?? []), row])
  }
  for (const row of rows) {
    switch (row.kind) {
      case 'linked':
      case 'apart':
        add(recordKey('erp', row.erpId), row)
        add(recordKey('shop', row.shopId), row)
        break
      case 'gone':
        if (row.erpId !== null) add(recordKey('erp', row.erpId), row)
        if (row.shopId !== null) add(recordKey('shop', row.shopId), row)
        break
      case 'seen':
      case 'creating':
        add(recordKey(row.side, row.id), row)
        break
    }
  }
  return byKey
}
