import { removeDeliveryAddresses } from '../delivery-addresses/of-contact.ts'
import type { EntityKind } from '../entity-kind.ts'
import { changedAfter, type Filter, idList, numberRanges, oneText, textList } from '../filters.ts'
import { documentedPatch } from '../json-patch.ts'
import { patchableAddress } from './address.ts'
import { buildCustomer, changeCustomer, withHiddenNationalId } from './build.ts'
import type { CustomerDto } from './dto.ts'
import { assertContactGroups } from './references.ts'
import { assertCustomerAllowed } from './rules.ts'

export const customerKind: EntityKind<CustomerDto> = {
  name: 'customers',
  path: '/Customers',
  noun: 'Customer',
  dtoSchema: 'CustomerDto',
  postSchema: 'CustomerPostDto',
  patch: documentedPatch('Customer', 'CustomerPatchDto'),
  // README.md; the last three are absent from the 2025 descriptions.
  filters: [
    changedAfter('lastChangedDateTimeOffsetGreaterThan', 'changed'),
    changedAfter('customerCreatedDateTimeOffsetGreaterThan', 'created'),
    numberRanges('customerNos', 'number'),
    numberRanges('externalNos', 'externalNumber'),
    oneText('externalImportReference', 'externalImportReference'),
    contactGroupFilter(),
    textList('organizationNumbers', 'organizationNumber', { later: true }),
    textList('phoneNumbers', 'phone', { later: true }),
    textList('emailAddresses', 'email', { later: true, normalise: (text) => text.toLowerCase() }),
  ],
  roles: { read: ['Customer', 'Customer_Full'], write: ['Customer_Full'] },
  identity: ['Id', 'Number'],
  bulkOnly: ['IsActive'],
  editOnly: ['IsActive'],
  build: buildCustomer,
  change: changeCustomer,
  assertAllowed: (state, customer, written) => assertCustomerAllowed(customer, written, state),
  seenByPatch: (customer) => ({ MailAddress: patchableAddress(customer.MailAddress) }),
  stored: withHiddenNationalId,
  afterRemove: (state, customer) => removeDeliveryAddresses(state, customer.Id),
}

// Ranges and negative numbers are refused here, unlike in customerNos (README.md).
function contactGroupFilter(): Filter {
  const hasOne = (ids: readonly number[]) => ({
    // `record.`: json_each has a column json of its own.
    sql: "EXISTS (SELECT 1 FROM json_each(record.json, '$.ContactGroupIds') WHERE value IN (SELECT value FROM json_each(?)))",
    values: [JSON.stringify(ids)],
  })
  return idList('contactGroupIds', hasOne, assertContactGroups)
}
