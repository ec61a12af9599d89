import { dtoCompleter, withDefaults } from '../complete-dto.ts'
import { type EntityKind, refusalOf, takenBy, unknownReference } from '../entity-kind.ts'
import { changedAfter, enumName, flag, textList } from '../filters.ts'
import { documentedPatch } from '../json-patch.ts'
import { defaultProductGroupId } from '../products/company-defaults.ts'
import { settleReferences, settleWritten } from '../references.ts'
import type { JsonObject } from '../schema.ts'
import { type ProductGroupDto, productGroupTable } from './dto.ts'

const references = productGroupTable.references ?? []
const defaults: JsonObject = { ProductType: 'Product', IsArchived: false }

/** Prices, sales accounts and unit of a group are what its products have unless they say otherwise (products/effective.ts). */
export const productGroupKind: EntityKind<ProductGroupDto> = {
  name: 'productGroups',
  path: '/ProductGroups',
  noun: 'Product group',
  dtoSchema: 'ProductGroupDto',
  postSchema: 'ProductGroupPostDto',
  patch: documentedPatch('Product group', 'ProductGroupPatchDto'),
  filters: [
    changedAfter('lastChangedDateTimeOffsetGreaterThan', 'changed'),
    changedAfter('createdDateTimeOffsetGreaterThan', 'created'),
    textList('codes', 'code'),
    textList('names', 'groupName'),
    enumName('type', 'productType', 'ProductType'),
    flag('isArchived', 'isArchived'),
  ],
  roles: { read: ['Product', 'Product_Full'], write: ['Product_Full'] },
  identity: ['Id', 'Code'],
  build(state, sent, { now }) {
    return complete({
      ...withDefaults(sent, defaults),
      ...settleReferences(state, references, sent, unknownReference(state, productGroupKind)),
      Id: defaultProductGroupId - 1 + state.productGroups.nextId('productGroup'),
      CreatedDateTimeOffset: now,
      LastChangedDateTimeOffset: now,
    })
  },
  change(state, current, changes, now) {
    const settled = settleWritten(state, references, changes, unknownReference(state, productGroupKind))
    return complete({
      ...withDefaults({ ...current, ...changes, ...settled }, defaults),
      LastChangedDateTimeOffset: now,
    })
  },
  assertAllowed(state, group, written) {
    // No name is required by the description, and whether codes are unique is as little said as of products.
    if (written !== 'all' && !written.has('Code')) return
    if (!group.Code || state.settings.current().productCodeUnique === 'duplicates') return
    const other = state.productGroups.find({ sql: 'code = ?', values: [group.Code] }, group.Id)
    if (other) throw refusalOf(productGroupKind, takenBy('Code', group.Code, other))
  },
  isFixed: (_, group) => group.Id === defaultProductGroupId,
}

const completeDto = dtoCompleter('ProductGroupDto')

function complete(properties: JsonObject): ProductGroupDto {
  return completeDto(properties) as unknown as ProductGroupDto
}
