import type { ComparedWorld } from '../../activities/audit/compared-world.ts'
import { type InboxMatter, listedIn } from '../../activities/audit/listed.ts'
import type { FlowDefinition } from '../../flows/flow-definition.ts'
import type { SideState } from '../../flows/reading.ts'
import type { LinkedRow, Row } from '../../flows/row.ts'
import type { Side } from '../../flows/side.ts'
import { fieldNames, linkedRow, reading, sampleFlow, type Values, valueIn } from './pair-samples.ts'

/** The small flow of pair-samples.ts, whose field `origin` names a record. */
export const auditedFlow: FlowDefinition = {
  ...sampleFlow,
  matchWithin: null,
  neverMatchAcross: [],
  matchKeys: [{ name: 'origin', field: 'origin', identity: true }],
}

/** Every record has an origin of its own, and so its own values. */
const own = (number: number, values: Values): Values => ({ origin: `o${number}`, ...values })

/** The record number `n` of one side: `erp:n` or `shop:c-n`, which name each other. */
export function present(side: Side, number: number, values: Values = {}, reference?: string | null): SideState {
  const shown = own(number, values)
  const canonical = Object.fromEntries(
    fieldNames.flatMap((name) => {
      const value = valueIn(shown, name)
      return value === undefined ? [] : [[name, value]]
    }),
  )
  return {
    kind: 'present',
    reading: reading(side, shown, {
      id: side === 'erp' ? String(number) : `c-${number}`,
      reference: reference === undefined ? (side === 'erp' ? null : String(number)) : reference,
      content: { canonical, written: {} },
    }),
  }
}

export function linkOf(number: number, values: Values = {}, rest: Partial<LinkedRow> = {}): LinkedRow {
  return linkedRow(own(number, values), { erpId: String(number), shopId: `c-${number}`, ...rest })
}

export const seenIn = (state: SideState): string => (state.kind === 'present' ? state.reading.seen : '')

export function worldOf(
  parts: Partial<Pick<ComparedWorld, 'erp' | 'shop' | 'notOffered'>> & {
    readonly rows?: readonly Row[]
    readonly inbox?: readonly Partial<InboxMatter>[]
  },
): ComparedWorld {
  const inbox = (parts.inbox ?? []).map((entry) => ({
    reason: 'refused',
    erpId: null,
    shopId: null,
    others: [],
    field: null,
    ...entry,
  }))
  return {
    definition: auditedFlow,
    erp: parts.erp ?? [],
    shop: parts.shop ?? [],
    rows: parts.rows ?? [],
    listed: listedIn(inbox),
    notOffered: parts.notOffered,
    nowMs: 10_000_000,
  }
}
