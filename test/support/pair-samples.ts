import { customers } from '../../flows/customers.ts'
import type { ReconcileDecision } from '../../flows/decision.ts'
import { EMPTY_HASH, joinHashes, NO_HASH } from '../../flows/field-hashes.ts'
import type { ConflictRule, Direction, FieldDefinition, FlowDefinition } from '../../flows/flow-definition.ts'
import type { Pair } from '../../flows/pair.ts'
import type { Reading } from '../../flows/reading.ts'
import type { ApartRow, CreatingRow, GoneRow, LinkedRow, SeenRow } from '../../flows/row.ts'
import type { Side } from '../../flows/side.ts'
import type { DecideContext } from '../../workflows/decide/decide-pair.ts'
import type { MergeHistory } from '../../workflows/decide/merge-pair.ts'

/** Records of a small flow with one field of every rule, for tests of what is decided and remembered. */

function field(
  number: number,
  name: string,
  direction: Direction,
  conflict: ConflictRule,
  rest: Partial<FieldDefinition> = {},
): FieldDefinition {
  return {
    number,
    name,
    type: 'string',
    canonicalVersion: 1,
    erp: { path: name },
    shop: { path: name },
    direction,
    conflict,
    ...rest,
  }
}

export const sampleFlow: FlowDefinition = {
  ...customers,
  version: 3,
  fields: [
    field(1, 'name', 'both', 'latest'),
    field(2, 'orgNo', 'both', 'erp'),
    field(3, 'remark', 'both', 'shop'),
    field(4, 'rate', 'both', 'ask'),
    field(5, 'number', 'toShop', 'erp'),
    field(6, 'origin', 'toErp', 'shop'),
    field(7, 'stock', 'toShop', 'erp', { receivingEdit: 'leave' }),
    field(8, 'kind', 'atCreation', 'ask'),
  ],
}

/** A record of which nothing matters but what `more` says. */
export function plainReading(side: Side, id: string, more: Partial<Reading> = {}): Reading {
  return {
    side,
    id,
    version: null,
    changedAtMs: 0,
    groupChangedAtMs: {},
    changeMark: '',
    reference: null,
    outOfScope: null,
    hashes: '',
    seen: 'seen-1',
    dormant: false,
    label: 'Fjord AS',
    ...more,
  }
}

export const fieldNames = sampleFlow.fields.map(({ name }) => name)

/** By field name; a field that is left out shows `same`, undefined does not apply, null is empty. */
export type Values = Readonly<Record<string, string | null | undefined>>

export function valueHash(value: string | null | undefined): string {
  if (value === undefined) return NO_HASH
  return value === null ? EMPTY_HASH : `h${value}`.padEnd(4, '.').slice(0, 4)
}

export function valueIn(values: Values, name: string): string | null | undefined {
  return name in values ? values[name] : 'same'
}

export function hashesOf(values: Values): string {
  return joinHashes(fieldNames.map((name) => valueHash(valueIn(values, name))))
}

export function seenOf(values: Values): string {
  return `seen.${fieldNames.map((name) => valueIn(values, name) ?? '-').join('.')}`
}

export function reading(side: Side, values: Values = {}, rest: Partial<Reading> = {}): Reading {
  return {
    side,
    id: side === 'erp' ? '12' : 'c-7',
    hashes: hashesOf(values),
    seen: seenOf(values),
    version: side === 'erp' ? null : '"1"',
    changedAtMs: null,
    groupChangedAtMs: {},
    changeMark: NO_HASH,
    reference: side === 'erp' ? null : '12',
    outOfScope: null,
    dormant: false,
    label: 'Nord AS',
    ...rest,
  }
}

export function linkedRow(base: Values = {}, rest: Partial<LinkedRow> = {}): LinkedRow {
  return {
    kind: 'linked',
    erpId: '12',
    shopId: 'c-7',
    base: hashesOf(base),
    shopBase: '',
    erpSeen: seenOf(base),
    shopSeen: seenOf(base),
    definition: sampleFlow.version,
    flags: '',
    erpOwnWrite: '',
    shopOwnWrite: '',
    pointer: '1.5',
    ...rest,
  }
}

export function seenRow(side: Side, rest: Partial<SeenRow> = {}): SeenRow {
  return {
    kind: 'seen',
    side,
    id: side === 'erp' ? '12' : 'c-7',
    seen: seenOf({}),
    reason: 'refused',
    others: [],
    attempts: 1,
    definition: sampleFlow.version,
    pointer: '1.5',
    ...rest,
  }
}

/** `given`: what the new record was given, where the row tells. */
export function creatingRow(side: Side, given?: Values): CreatingRow {
  const id = side === 'erp' ? '12' : 'c-7'
  const gives = given ? { gives: { hashes: hashesOf(given), definition: sampleFlow.version } } : {}
  return { kind: 'creating', side, id, reference: id, creation: 1, since: 1_000, ...gives }
}

export function goneRow(rest: Partial<GoneRow> = {}): GoneRow {
  return { kind: 'gone', erpId: '12', shopId: 'c-7', seen: seenOf({}), at: 1_000, ...rest }
}

export const apartRow: ApartRow = { kind: 'apart', erpId: '12', shopId: 'c-7', by: 'Kari', at: 1_000 }

export function differsOf(erp: Values, shop: Values): string {
  return fieldNames
    .map((name) => {
      const [left, right] = [valueIn(erp, name), valueIn(shop, name)]
      return left !== undefined && right !== undefined && left !== right ? '1' : '0'
    })
    .join('')
}

/** Both records as they show themselves now, linked under `base` unless it is null. */
export function pairOf(erp: Values, shop: Values, base: Values | null, rest: Partial<Pair> = {}): Pair {
  return {
    erp: { kind: 'present', reading: reading('erp', erp) },
    shop: { kind: 'present', reading: reading('shop', shop) },
    rows: base === null ? [] : [linkedRow(base)],
    match: { kind: 'notAsked' },
    differs: differsOf(erp, shop),
    ...rest,
  }
}

export const history: MergeHistory = {
  firstAgreement: 'erp',
  firstSeenMs: { erp: null, shop: null },
  revertedLately: () => false,
  wouldLoop: () => false,
}

export const context: DecideContext = {
  ...history,
  nowMs: 50_000,
  wish: { kind: 'none' },
  missingTwice: false,
  company: { createInactive: false, creation: {}, cancelDrafts: 'approve' },
}

export function reconcileOf(rest: Partial<ReconcileDecision> = {}): ReconcileDecision {
  return {
    kind: 'reconcile',
    how: 'update',
    erp: reading('erp'),
    shop: reading('shop'),
    writeErp: [],
    writeShop: [],
    agreed: '1'.repeat(fieldNames.length),
    nameCounterpart: false,
    notes: [],
    rows: [],
    by: '',
    ...rest,
  }
}

/** `agreed` or `differs` with `mark` at the named fields and the opposite elsewhere. */
export function marks(mark: '0' | '1', names: readonly string[]): string {
  return fieldNames.map((name) => (names.includes(name) ? mark : mark === '0' ? '1' : '0')).join('')
}
