import { otherSide, type Side } from '../../flows/side.ts'
import { type Edit, Ledger, type Shown } from './ledger.ts'
import type { Command } from './schedule.ts'
import type { SimulatedWorld } from './world.ts'

const erpNames = {
  name: 'Name',
  note: 'Note',
  tag: 'Tag',
  price: 'Price',
  address: 'Address',
  code: 'Code',
  mark: 'Mark',
} as const
const fieldNames = Object.keys(erpNames) as (keyof typeof erpNames)[]

/** The people of both companies: they edit what their own system shows, and the ledger keeps what they did. */
export function createPeople(world: SimulatedWorld) {
  const ledger = new Ledger()
  let values = 0
  let marks = 0
  let pending = 0
  const fresh = (): string => `v${++values}`

  function shownIn(side: Side): Shown[] {
    if (side === 'erp')
      return [...world.erp.records.values()].map((record) => ({
        id: String(record['Id']),
        fields: Object.fromEntries(fieldNames.map((name) => [name, (record[erpNames[name]] ?? null) as string | null])),
        names: null,
        active: record['IsActive'] === true,
        namedSinceMs: Number.POSITIVE_INFINITY,
        madeMs: world.erp.madeMs(record['Id'] as number) ?? null,
      }))
    return [...world.shop.records.values()]
      .filter((record) => record['deleted'] !== true)
      .map((record) => ({
        id: String(record['id']),
        fields: Object.fromEntries(fieldNames.map((name) => [name, (record[name] ?? null) as string | null])),
        names: record['erpId'] as string | null,
        active: record['active'] === true,
        namedSinceMs: world.shop.namedSinceMs(String(record['id'])),
        madeMs: world.shop.madeMs(String(record['id'])) ?? null,
      }))
  }

  function note(
    of: Pick<Edit, 'side' | 'id'>,
    mark: string,
    field: string,
    value: string,
    before: string | null,
  ): void {
    ledger.of(mark).edits.push({ ...of, field, value, atMs: world.time.nowMs, before })
  }

  function add(side: Side, mark: string, code: string | null): void {
    const name = fresh()
    const tag = fresh()
    // A price of the shop's would only be put right: it belongs to PowerOffice, which gives every record one.
    const id =
      side === 'erp'
        ? String(world.erp.add({ Mark: mark, Code: code, Name: name, Tag: tag }))
        : String(world.shop.add({ mark, code, name, tag })['id'])
    ledger.of(mark).made.push({ side, id, atMs: world.time.nowMs })
    note({ side, id }, mark, 'name', name, null)
    note({ side, id }, mark, 'tag', tag, null)
    if (side === 'erp') note({ side, id }, mark, 'price', '10', null)
  }

  function create(on: Side | 'both', hasCode: boolean): void {
    const mark = `m${++marks}`
    // Two that were made on both sides belong together by their code alone.
    const code = hasCode || on === 'both' ? `code${marks}` : null
    if (on !== 'shop') add('erp', mark, code)
    if (on !== 'erp') add('shop', mark, code)
  }

  /** Only what does not stand there yet: a second one would be people's own, which no sync can help. */
  function createTwin(on: Side, which: number): void {
    const marksThere = new Set(shownIn(on).map(({ fields }) => fields['mark']))
    const alone = shownIn(otherSide(on)).filter(({ fields }) => fields['code'] && !marksThere.has(fields['mark']))
    const { mark, code } = alone[which % Math.max(1, alone.length)]?.fields ?? {}
    if (!mark || !code || (on === 'shop' && world.shop.isTaken(code))) return
    ledger.of(mark).isTwinned = true
    add(on, mark, code)
  }

  function edit(command: Command & { kind: 'edit' }, hasSweeps: boolean): void {
    const { on: side, which, slowMs } = command
    // What only a sweep finds is not done where there is none.
    const field = command.field === 'address' && !hasSweeps ? 'name' : command.field
    const shown = shownIn(side)
    const target = shown[which % Math.max(1, shown.length)]
    const mark = target?.fields['mark']
    if (!target || !mark) return
    const record = ledger.of(mark)
    const earlier = record.edits.filter((done) => done.side === side && done.field === field).at(-2)
    const isRevert = command.isRevert && earlier !== undefined
    if (isRevert) record.reverted.add(field)
    const value = isRevert ? earlier.value : fresh()
    if (side === 'shop') {
      const before = target.fields[field] ?? null
      if (world.shop.save(target.id, { [field]: value })) note({ side, id: target.id }, mark, field, value, before)
      return
    }
    pending++
    let isShown = false
    const done = (): void => {
      isShown = true
      const now = world.erp.records.get(Number(target.id))
      note({ side, id: target.id }, mark, field, value, (now?.[erpNames[field]] ?? null) as string | null)
    }
    world.erp.save(Number(target.id), { [erpNames[field]]: value }, slowMs, done)
    if (isShown) pending--
    else world.time.in(slowMs, () => pending--)
  }

  function remove(side: Side, which: number): void {
    const shown = shownIn(side)
    const target = shown[which % Math.max(1, shown.length)]
    const mark = target?.fields['mark']
    if (!target || !mark) return
    const wasLinked = world.isNoted(side, target.id)
    const isRemoved = side === 'erp' ? world.erp.remove(Number(target.id)) : world.shop.remove(target.id)
    if (isRemoved) ledger.of(mark).removed.push({ side, wasLinked })
  }

  return {
    ledger,
    shownIn,
    create,
    createTwin,
    edit,
    remove,
    /** Nothing is being saved any more. */
    areDone: (): boolean => pending === 0,
  }
}

export type People = ReturnType<typeof createPeople>
