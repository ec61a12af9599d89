import { type RecordKey, recordKey } from '../../flows/side.ts'

/** What a flow's inbox says of records, as far as the audit needs it. */
export interface InboxMatter {
  readonly reason: string
  readonly erpId: string | null
  readonly shopId: string | null
  readonly others: readonly RecordKey[]
  readonly field: string | null
}

/** Whether somebody knows of a record's or one field's matter already. */
export interface Listed {
  record(key: RecordKey): boolean
  field(keys: readonly RecordKey[], field: string): boolean
  /** The record or any field of it: items of a list are told of by their place. */
  anything(key: RecordKey): boolean
}

export function listedIn(inbox: readonly InboxMatter[]): Listed {
  const whole = new Set<RecordKey>()
  const fields = new Set<string>()
  const any = new Set<RecordKey>()
  for (const entry of inbox) {
    const keys = [
      ...(entry.erpId === null ? [] : [recordKey('erp', entry.erpId)]),
      ...(entry.shopId === null ? [] : [recordKey('shop', entry.shopId)]),
    ]
    for (const key of [...keys, ...entry.others]) any.add(key)
    if (entry.reason === 'field') for (const key of keys) fields.add(`${key}/${entry.field ?? ''}`)
    else for (const key of [...keys, ...entry.others]) whole.add(key)
  }
  return {
    record: (key) => whole.has(key),
    field: (keys, field) => keys.some((key) => whole.has(key) || fields.has(`${key}/${field}`)),
    anything: (key) => any.has(key),
  }
}
