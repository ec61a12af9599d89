import { nextFreeCode } from '../code-number.ts'
import { dtoCompleter, withDefaults } from '../complete-dto.ts'
import { type EntityKind, refusalOf } from '../entity-kind.ts'
import { changedAfter, enumName, flag, textList } from '../filters.ts'
import { documentedPatch } from '../json-patch.ts'
import { settleReferences, settleWritten } from '../references.ts'
import type { SandboxState } from '../sandbox-state.ts'
import type { JsonObject } from '../schema.ts'
import { defaultProductGroupId } from './company-defaults.ts'
import { type ProductDto, productTable } from './dto.ts'
import { assertProductAllowed, assertStockAllowed, assertStockOperations } from './rules.ts'
import { forgetReservation, withStockOnHand } from './stock.ts'

const references = productTable.references ?? []
const defaults: JsonObject = { ProductType: 'Product', IsArchived: false, IsStockItem: false }

export const productKind: EntityKind<ProductDto> = {
  name: 'products',
  path: '/Products',
  noun: 'Product',
  dtoSchema: 'ProductDto',
  postSchema: 'ProductPostDto',
  patch: documentedPatch('Product', 'ProductPatchDto'),
  filters: [
    changedAfter('lastChangedDateTimeOffsetGreaterThan', 'changed', { boundary: 'switchable' }),
    changedAfter('stockOnHandLastChangedDatetimeOffsetGreaterThan', 'stockChanged', { boundary: 'switchable' }),
    changedAfter('createdDateTimeOffsetGreaterThan', 'created', { boundary: 'switchable' }),
    textList('codes', 'code'),
    textList('names', 'productName'),
    textList('productGroupCodes', 'productGroupCode'),
    enumName('type', 'productType', 'ProductType'),
    flag('isArchived', 'isArchived'),
  ],
  roles: { read: ['Product', 'Product_Full'], write: ['Product_Full'] },
  statuses: { created: 200 },
  identity: ['Id', 'Code'],
  build(state, sent, { now, origin }) {
    if (origin === 'api') assertStockAllowed(sent, { isStockItem: sent.IsStockItem === true })
    const autoCode = state.settings.current().codeAutoAssign === 'nextFree' ? nextFreeCode(state.products) : null
    const product = complete({
      ...withDefaults(sent, defaults),
      ...inGroup(state, settleReferences(state, references, sent, unknown(state))),
      Code: sent.Code ?? autoCode,
      Id: 6_200_000 + state.products.nextId('product'),
      StockOnHand: null,
      CreatedDateTimeOffset: now,
      LastChangedDateTimeOffset: now,
    })
    return product.IsStockItem ? withStockOnHand(state.database, product, Number(sent.StockOnHand ?? 0), now) : product
  },
  change(state, current, changes, now) {
    const settled = settleWritten(state, references, changes, unknown(state))
    const isRegrouped = 'ProductGroupId' in settled
    const { StockOnHand: counted, ...others } = changes
    // The stock moves no change time but its own: the vendor says so, and a client that polls by it must notice (README.md).
    const movesProduct = Object.keys(others).length > 0
    const next = complete({
      ...withDefaults({ ...current, ...others, ...(isRegrouped ? inGroup(state, settled) : settled) }, defaults),
      LastChangedDateTimeOffset: movesProduct ? now : current.LastChangedDateTimeOffset,
    })
    const isStockItem = next.IsStockItem === true
    assertStockAllowed(changes, { isStockItem })
    const onHand = isStockItem ? Number(('StockOnHand' in changes ? counted : current.StockOnHand) ?? 0) : null
    return onHand === current.StockOnHand ? next : withStockOnHand(state.database, next, onHand, now)
  },
  assertAllowed: assertProductAllowed,
  assertOperations: assertStockOperations,
  afterRemove: (state, product) => forgetReservation(state.database, product.Id),
}

const completeDto = dtoCompleter('ProductDto')

function complete(properties: JsonObject): ProductDto {
  return completeDto(properties) as unknown as ProductDto
}

/** Without a group, the company's default one (README.md). */
function inGroup(state: SandboxState, settled: JsonObject): JsonObject {
  if (settled.ProductGroupId !== undefined && settled.ProductGroupId !== null) return settled
  const group = state.productGroups.get(defaultProductGroupId)
  return { ...settled, ProductGroupId: group?.Id ?? null, ProductGroupCode: group?.Code ?? null }
}

/** POST /Products declares no 404 (README.md). */
function unknown(state: SandboxState) {
  const status = Number(state.settings.current().unknownReferenceOnProductPost)
  return (detail: string) => refusalOf(productKind, detail, status)
}
