import { setTimeout as pause } from 'node:timers/promises'
import { RefusedByPeople } from '../systems/http.ts'
import { createCustomer, createOrder, createProduct, newLine, type Systems } from './create.ts'
import { collections } from './directory.ts'
import { type EditedField, fieldsOf } from './fields.ts'
import {
  editorsOf,
  isEditedInTurn,
  type Ledger,
  type LedgerLine,
  type LedgerRecord,
  noteWrite,
  type Side,
  sides,
} from './ledger.ts'

export interface Random {
  between(least: number, most: number): number
}

export interface Operation {
  readonly name: string
  /** How often, in parts of all. */
  readonly weight: number
  /** @returns whether it found something to do */
  readonly run: (scene: Scene) => Promise<boolean>
}

export interface Scene {
  readonly systems: Systems
  readonly ledger: Ledger
  readonly random: Random
  /** No more are made than this. */
  readonly mostRecords: number
  /** Whose records these are: several people work at once, each with records of their own, so that the order of edits is known. */
  readonly isMine: (record: LedgerRecord) => boolean
}

/** Everything that people do in both systems. What finds nothing to do yet, a first order for example, is left out. */
export const operations: readonly Operation[] = [
  { name: 'create customer', weight: 6, run: (scene) => created(scene, createCustomer) },
  { name: 'create product', weight: 3, run: (scene) => created(scene, createProduct) },
  { name: 'create order', weight: 8, run: placeOrder },
  { name: 'edit a field', weight: 26, run: editOne },
  { name: 'edit the same field on both sides', weight: 7, run: editSameField },
  { name: 'edit different fields on both sides', weight: 7, run: editDifferentFields },
  { name: 'edit and revert', weight: 5, run: editAndRevert },
  { name: 'burst of edits', weight: 2, run: burst },
  { name: 'edit a line', weight: 14, run: editLine },
  { name: 'add a line', weight: 4, run: addLine },
  { name: 'remove a line', weight: 3, run: removeLine },
  { name: 'delete customer', weight: 1, run: deleteCustomer },
]

/** What one more person does all the time, with records that nobody else edits. */
export const inTurn: Operation = { name: 'edit a field here, then there', weight: 1, run: editInTurn }

async function created(scene: Scene, create: typeof createCustomer): Promise<boolean> {
  if (isFull(scene)) return false
  await create(scene.systems, scene.ledger, anySide(scene))
  return true
}

const isFull = ({ ledger, mostRecords }: Scene): boolean => ledger.records.length >= mostRecords

async function placeOrder(scene: Scene): Promise<boolean> {
  if (isFull(scene)) return false
  const { systems, ledger } = scene
  const side = anySide(scene)
  const customer = pick(
    scene,
    present(scene, 'customer', side).filter((record) => record.createdOn === side || record.index % 2 === 0),
  )
  const products = Array.from({ length: scene.random.between(1, 5) }, () =>
    pick(scene, present(scene, 'product', side)),
  )
  const customerId = customer && systems.directory.idOn(customer, side)
  const productIds = products.flatMap((product) => (product && systems.directory.idOn(product, side)) ?? [])
  if (customer === undefined || customerId === undefined || productIds.length === 0) return false
  // At once: nobody is to delete it meanwhile.
  ledger.ordered.add(customer.mark)
  await createOrder(systems, ledger, side, { customerId, productIds })
  return true
}

async function editOne(scene: Scene): Promise<boolean> {
  const target = pickField(scene)
  if (target === undefined) return false
  const editors = editorsOf(target.record.index, target.fieldIndex)
  return edit(scene, target.record, target.field, editors[scene.random.between(0, editors.length - 1)] ?? 'shop')
}

async function editSameField(scene: Scene): Promise<boolean> {
  const target = pickField(scene, (record, fieldIndex) => editorsOf(record.index, fieldIndex).length === 2)
  if (target === undefined || !isOnBothSides(scene, target.record)) return false
  await Promise.all(sides.map((side) => edit(scene, target.record, target.field, side)))
  return true
}

/**
 * First in the webshop, then the same field in PowerOffice, some times, so that one of these edits falls between a look and the
 * write that it led to, now and then. They must stand: PowerOffice never shows the first one again. Whoever edits the record next looks.
 */
async function editInTurn(scene: Scene): Promise<boolean> {
  const { ledger, systems } = scene
  const record = pick(
    scene,
    ledger.records.filter((each) => isEditable(each) && isEditedInTurn(each) && scene.isMine(each)),
  )
  const id = record && systems.directory.idOn(record, 'erp')
  if (record === undefined || id === undefined || !isOnBothSides(scene, record)) return false
  const fields = fieldsOf[record.entity].filter((_field, index) => editorsOf(record.index, index).length === 2)
  const field = pick(scene, fields)
  if (field === undefined) return false
  await lookForFirst(scene, record, id)
  const first = field.value(record.index, ledger.operations + 1)
  if (!(await edit(scene, record, field, 'shop', first))) return false
  delete record.lastInTurn
  const times = scene.random.between(2, 9)
  for (let nth = 0; nth < times; nth += 1) {
    await pause(scene.random.between(30, 330))
    if (await lookForFirst(scene, record, id)) break
    const then = field.value(record.index, ledger.operations + 1)
    if (!(await edit(scene, record, field, 'erp', then))) return false
    record.lastInTurn = { field: field.name, first, then }
  }
  return true
}

/** @returns whether the edit in PowerOffice was lost */
async function lookForFirst({ systems, ledger }: Scene, record: LedgerRecord, id: string): Promise<boolean> {
  const { lastInTurn: last } = record
  const field = fieldsOf[record.entity].find(({ name }) => name === last?.field)
  if (!last || !field) return false
  const shown = await systems.erp.get(collections[record.entity], id)
  const [[property, first] = ['', '']] = Object.entries(field.write.erp(last.first)) as [string, unknown][]
  if (`${(shown as unknown as Record<string, unknown>)[property]}` !== `${first}`) return false
  ledger.lost.push({
    mark: record.mark,
    what: `${last.field}: PowerOffice shows "${last.first}" again, though "${last.then}" was written there after it`,
  })
  return true
}

async function editDifferentFields(scene: Scene): Promise<boolean> {
  const record = pick(scene, editable(scene))
  if (record === undefined || !isOnBothSides(scene, record)) return false
  const fields = fieldsOf[record.entity]
  const ofSide = (side: Side) => fields.find((_field, index) => editorsOf(record.index, index).join() === side)
  const [ofErp, ofShop] = [ofSide('erp'), ofSide('shop')]
  if (!ofErp || !ofShop) return false
  await Promise.all([edit(scene, record, ofErp, 'erp'), edit(scene, record, ofShop, 'shop')])
  return true
}

/** To another value and back, before anybody can have looked: A-B-A. */
async function editAndRevert(scene: Scene): Promise<boolean> {
  const target = pickField(scene)
  if (target === undefined) return false
  const { record, field, fieldIndex } = target
  const side = editorsOf(record.index, fieldIndex)[0] ?? 'shop'
  const before =
    record.writes[field.name]?.findLast((write) => write.side === side)?.value ?? record.initial[field.name]
  if (before === undefined || !(await edit(scene, record, field, side))) return false
  return edit(scene, record, field, side, before)
}

async function burst(scene: Scene): Promise<boolean> {
  const target = pickField(scene)
  if (target === undefined) return false
  const side = editorsOf(target.record.index, target.fieldIndex)[0] ?? 'shop'
  for (let nth = 0; nth < 8; nth += 1) if (!(await edit(scene, target.record, target.field, side))) return false
  return true
}

async function editLine(scene: Scene): Promise<boolean> {
  const { systems, ledger } = scene
  const [field] = fieldsOf.line
  const order = pick(scene, ordersOnBothSides(scene))
  const line =
    order &&
    pick(
      scene,
      order.lines.filter((each, index) => !each.removed && !isForRemoval(index)),
    )
  if (!order || !line || !field) return false
  const editors = editorsOf(order.index, order.lines.indexOf(line))
  const side = editors[scene.random.between(0, editors.length - 1)] ?? 'shop'
  const [orderId, lineId] = await findLine(scene, order, line, side)
  if (orderId === undefined || lineId === undefined) return false
  const value = field.value(order.index, ++ledger.operations)
  await systems[side].editLine(orderId, lineId, field.write[side](value))
  noteWrite(line.writes, field.name, { operation: ledger.operations, side, value })
  return true
}

async function addLine(scene: Scene): Promise<boolean> {
  const { systems, ledger } = scene
  const side = anySide(scene)
  const order = pick(scene, ordersOnBothSides(scene))
  const product = pick(scene, present(scene, 'product', side))
  const orderId = order && systems.directory.idOn(order, side)
  const productId = product && systems.directory.idOn(product, side)
  if (!order || orderId === undefined || productId === undefined || order.lines.length >= 12) return false
  const operation = ++ledger.operations
  const { sent, line } = newLine(side, `${order.mark} ny linje ${operation}`, productId, operation)
  await systems[side].addLine(orderId, sent)
  order.lines.push({ ...line, isAdded: true, madeAtMs: Date.now() })
  return true
}

/**
 * Every fourth line is kept for removal and never edited: what both want of one line is not what is tested here. A line that was
 * added in the webshop is removed there: in PowerOffice it could be gone before the sync has heard that it was made, and nobody
 * can tell that from a request that never arrived (docs/reliability.md).
 */
async function removeLine(scene: Scene): Promise<boolean> {
  const side = anySide(scene)
  const order = pick(scene, ordersOnBothSides(scene))
  const line =
    order &&
    pick(
      scene,
      order.lines.filter(
        (each, index) =>
          !each.removed && isForRemoval(index) && !(side === 'erp' && each.isAdded && each.createdOn === 'shop'),
      ),
    )
  if (!order || !line) return false
  const [orderId, lineId] = await findLine(scene, order, line, side)
  if (orderId === undefined || lineId === undefined) return false
  await scene.systems[side].removeLine(orderId, lineId)
  line.removed = true
  line.removedBy = { operation: ++scene.ledger.operations, side, atMs: Date.now() }
  return true
}

const isForRemoval = (index: number) => index % 4 === 3

async function deleteCustomer(scene: Scene): Promise<boolean> {
  const { directory, shop } = scene.systems
  const candidates = present(scene, 'customer', 'shop').filter(
    // Never one that an order may be placed for.
    (record) =>
      record.index % 2 === 1 &&
      scene.isMine(record) &&
      !isEditedInTurn(record) &&
      record.createdOn === 'erp' &&
      !scene.ledger.ordered.has(record.mark),
  )
  const record = pick(scene, candidates)
  const id = record && directory.idOn(record, 'shop')
  if (record === undefined || id === undefined) return false
  // At once: nobody is to place an order for it meanwhile.
  record.deleted = true
  try {
    await shop.remove('customers', id)
  } catch (error) {
    record.deleted = false
    throw error
  }
  return true
}

async function edit(
  scene: Scene,
  record: LedgerRecord,
  field: EditedField,
  side: Side,
  value?: string,
): Promise<boolean> {
  const { systems, ledger } = scene
  const id = systems.directory.idOn(record, side)
  if (id === undefined || record.deleted) return false
  const operation = ++ledger.operations
  const written = value ?? field.value(record.index, operation)
  await systems[side].edit(collections[record.entity], id, field.write[side](written))
  noteWrite(record.writes, field.name, { operation, side, value: written })
  return true
}

async function findLine(
  scene: Scene,
  order: LedgerRecord,
  line: LedgerLine,
  side: Side,
): Promise<readonly [string | undefined, string | undefined]> {
  const { systems } = scene
  const orderId = systems.directory.idOn(order, side)
  if (orderId === undefined) return [undefined, undefined]
  try {
    if (side === 'erp') {
      const found = (await systems.erp.lines(orderId)).find((each) => each.Description === line.mark)
      return [orderId, found?.Id]
    }
    const { lines = [] } = await systems.shop.get('orders', orderId)
    return [orderId, lines.find((each) => each.description === line.mark)?.id]
  } catch (error) {
    if (error instanceof RefusedByPeople && error.status === 404) return [undefined, undefined]
    throw error
  }
}

function pickField(scene: Scene, fits: (record: LedgerRecord, fieldIndex: number) => boolean = () => true) {
  const record = pick(scene, editable(scene))
  if (record === undefined) return undefined
  const fields = fieldsOf[record.entity].map((field, fieldIndex) => ({ record, field, fieldIndex }))
  return pick(
    scene,
    fields.filter(({ fieldIndex }) => fits(record, fieldIndex)),
  )
}

function editable({ ledger, isMine }: Scene): LedgerRecord[] {
  return ledger.records.filter((record) => isEditable(record) && !isEditedInTurn(record) && isMine(record))
}

function isEditable(record: LedgerRecord): boolean {
  return record.entity !== 'order' && !record.deleted
}

/** Records that a side shows by now. */
function present({ ledger, systems }: Scene, entity: LedgerRecord['entity'], side: Side): LedgerRecord[] {
  return ledger.records.filter(
    (record) => record.entity === entity && !record.deleted && systems.directory.idOn(record, side) !== undefined,
  )
}

function ordersOnBothSides(scene: Scene): LedgerRecord[] {
  return present(scene, 'order', 'erp').filter((record) => isOnBothSides(scene, record) && scene.isMine(record))
}

function isOnBothSides({ systems }: Scene, record: LedgerRecord): boolean {
  return sides.every((side) => systems.directory.idOn(record, side) !== undefined)
}

function anySide({ random }: Scene): Side {
  return random.between(0, 1) === 0 ? 'erp' : 'shop'
}

function pick<T>({ random }: Scene, list: readonly T[]): T | undefined {
  return list[random.between(0, list.length - 1)]
}
