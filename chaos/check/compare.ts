import {
  allowedOfRecord,
  allowedValues,
  type Entity,
  type Ledger,
  type LedgerRecord,
  type Side,
  sides,
} from '../load/ledger.ts'

/** One record as a side shows it, in the plainest common words. Made from raw answers without a line of the engine. */
export interface Shown {
  readonly entity: Entity
  readonly id: string
  /** What the record carries of its mark; null: it is not one of ours. */
  readonly mark: string | null
  /** The counterpart that it names (the webshop's erpId); null: none, or not kept there. */
  readonly names: string | null
  readonly fields: Readonly<Record<string, string>>
  readonly lines: readonly ShownLine[]
}

export interface ShownLine {
  readonly mark: string
  readonly fields: Readonly<Record<string, string>>
}

export interface Finding {
  readonly kind: 'lost' | 'duplicated' | 'diverged'
  readonly mark: string
  /** One sentence. */
  readonly what: string
}

/** Every way in which what both systems show breaks the promise, given what people wrote. Empty: it holds. */
export function compare(ledger: Ledger, shown: Readonly<Record<Side, readonly Shown[]>>): Finding[] {
  const byMark = { erp: groupByMark(shown.erp), shop: groupByMark(shown.shop) }
  const findings = ledger.records.flatMap((record) => judge(record, byMark))
  const lost = ledger.lost.map((edit) => ({ kind: 'diverged' as const, ...edit }))
  return [...findings, ...lost, ...strangers(ledger, byMark), ...namedTwice(shown.shop)]
}

type ByMark = Readonly<Record<Side, ReadonlyMap<string, readonly Shown[]>>>

function judge(record: LedgerRecord, byMark: ByMark): Finding[] {
  const { mark } = record
  const copies = { erp: byMark.erp.get(mark) ?? [], shop: byMark.shop.get(mark) ?? [] }
  const doubled = sides.filter((side) => copies[side].length > 1)
  if (doubled.length > 0)
    return doubled.map((side) => ({
      kind: 'duplicated' as const,
      mark,
      what: `${copies[side].length} records in ${nameOf[side]}: ${copies[side].map(({ id }) => id).join(', ')}`,
    }))
  // Deleted in the shop: it stays away there, and PowerOffice keeps what it has.
  if (record.deleted) {
    if (copies.shop.length > 0)
      return [{ kind: 'diverged', mark, what: `deleted in the webshop, and there again as ${copies.shop[0]?.id}` }]
    return copies.erp.length === 0
      ? [{ kind: 'lost', mark, what: 'deleted in the webshop, and gone from PowerOffice too' }]
      : []
  }
  const missing = sides.filter((side) => copies[side].length === 0)
  if (missing.length > 0)
    return missing.map((side) => ({
      kind: 'lost' as const,
      mark,
      what: `made in ${nameOf[record.createdOn]}, not there in ${nameOf[side]}`,
    }))
  const [erp] = copies.erp
  const [shop] = copies.shop
  if (!erp || !shop) return []
  const wrongLink =
    shop.names === `${record.entity}:${erp.id}`
      ? []
      : [`the webshop names ${shop.names}, not ${record.entity}:${erp.id}`]
  return [
    ...[...wrongLink, ...judgeFields((field) => allowedOfRecord(record, field), erp.fields, shop.fields)].map(
      (what) => ({
        kind: 'diverged' as const,
        mark,
        what,
      }),
    ),
    ...judgeLines(record, erp.lines, shop.lines),
  ]
}

const nameOf = { erp: 'PowerOffice', shop: 'the webshop' } as const

function judgeFields(
  allowedOf: (field: string) => readonly string[],
  erp: Readonly<Record<string, string>>,
  shop: Readonly<Record<string, string>>,
): string[] {
  return Object.keys(erp).flatMap((field) => {
    const [left, right] = [erp[field] ?? '', shop[field] ?? '']
    if (left !== right) return [`${field}: PowerOffice "${left}", webshop "${right}"`]
    const allowed = allowedOf(field)
    if (allowed.length === 0 || allowed.some((value) => plain(field, value) === left)) return []
    return [`${field}: both show "${left}", and people last wrote "${allowed.join('" or "')}"`]
  })
}

function judgeLines({ mark, lines }: LedgerRecord, erp: readonly ShownLine[], shop: readonly ShownLine[]): Finding[] {
  const findings: Finding[] = []
  const known = new Set(lines.map((line) => line.mark))
  for (const [side, list] of [
    ['PowerOffice', erp],
    ['the webshop', shop],
  ] as const) {
    for (const line of list)
      if (!known.has(line.mark))
        findings.push({ kind: 'duplicated', mark, what: `a line that nobody made in ${side}: ${line.mark}` })
  }
  for (const line of lines) {
    const [inErp, inShop] = [erp, shop].map((list) => list.filter((each) => each.mark === line.mark)) as [
      ShownLine[],
      ShownLine[],
    ]
    if (line.removed) {
      if (inErp.length + inShop.length > 0)
        findings.push({ kind: 'diverged', mark, what: `${line.mark} was removed, and is there` })
      continue
    }
    if (inErp.length > 1 || inShop.length > 1)
      findings.push({
        kind: 'duplicated',
        mark,
        what: `${line.mark} stands ${inErp.length} and ${inShop.length} times`,
      })
    const [left] = inErp
    const [right] = inShop
    if (!left || !right)
      findings.push({
        kind: 'lost',
        mark,
        what: `${line.mark} is missing in ${[left ? '' : 'PowerOffice', right ? '' : 'the webshop'].filter(Boolean).join(' and ')}`,
      })
    else
      findings.push(
        ...judgeFields((field) => allowedValues(line, field), left.fields, right.fields).map((what) => ({
          kind: 'diverged' as const,
          mark,
          what: `${line.mark}, ${what}`,
        })),
      )
  }
  const order = (list: readonly ShownLine[]) => list.map((line) => line.mark).join(' | ')
  if (findings.length === 0 && order(erp) !== order(shop))
    findings.push({
      kind: 'diverged',
      mark,
      what: `lines in another order: PowerOffice ${order(erp)}; webshop ${order(shop)}`,
    })
  return findings
}

/** Records that carry a mark of ours which nobody wrote down: made out of nothing. */
function strangers(ledger: Ledger, byMark: ByMark): Finding[] {
  const known = new Set(ledger.records.map(({ mark }) => mark))
  return sides.flatMap((side) =>
    [...byMark[side].keys()]
      .filter((mark) => !known.has(mark))
      .map((mark) => ({ kind: 'duplicated' as const, mark, what: `in ${nameOf[side]}, and nobody made it` })),
  )
}

/** Two records of the shop that name one of PowerOffice. */
function namedTwice(shop: readonly Shown[]): Finding[] {
  const names = new Map<string, Shown>()
  return shop.flatMap((record) => {
    if (record.names === null) return []
    const other = names.get(record.names)
    names.set(record.names, record)
    return other === undefined
      ? []
      : [
          {
            kind: 'duplicated' as const,
            mark: record.mark ?? record.id,
            what: `${record.id} and ${other.id} both name ${record.names}`,
          },
        ]
  })
}

function groupByMark(shown: readonly Shown[]): Map<string, readonly Shown[]> {
  const groups = new Map<string, readonly Shown[]>()
  for (const record of shown)
    if (record.mark !== null) groups.set(record.mark, [...(groups.get(record.mark) ?? []), record])
  return groups
}

/** A written value in the words of `Shown`. */
export function plain(field: string, value: string): string {
  if (field === 'phone') return value.replaceAll(/\D/g, '').slice(-8)
  if (field === 'price' || field === 'quantity') return String(Number(value))
  return value.trim()
}
