import { removeDeliveryAddresses } from '../delivery-addresses/of-contact.ts'
import type { EntityKind } from '../entity-kind.ts'
import { changedAfter, type Filter, numberRanges, oneText, textList } from '../filters.ts'
import { documentedPatch } from '../json-patch.ts'
import { Problem } from '../problem.ts'
import { patchableAddress } from './address.ts'
import { buildCustomer, changeCustomer, withHiddenNationalId } from './build.ts'
import type { CustomerDto } from './dto.ts'
import { assertContactGroups } from './references.ts'
import { assertCustomerAllowed } from './rules.ts'

const patch = documentedPatch('Customer', 'CustomerPatchDto')
const patchable = Object.keys(patch.schema.properties ?? {})

export const customerKind: EntityKind<CustomerDto> = {
  name: 'customers',
  path: '/Customers',
  noun: 'Customer',
  dtoSchema: 'CustomerDto',
  postSchema: 'CustomerPostDto',
  patch,
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
  build: buildCustomer,
  change: changeCustomer,
  assertAllowed: (state, customer, written) => assertCustomerAllowed(customer, written, state),
  patchable(customer) {
    const view = Object.fromEntries(patchable.map((name) => [name, customer[name] ?? null]))
    return { ...view, MailAddress: patchableAddress(customer.MailAddress) }
  },
  stored: withHiddenNationalId,
  afterRemove: (state, customer) => removeDeliveryAddresses(state, customer.Id),
}

function contactGroupFilter(): Filter {
  const name = 'contactGroupIds'
  return {
    name,
    condition(value) {
      const ids = value.split(',').map((part) => {
        // Ranges and negative numbers are refused here, unlike in customerNos (README.md).
        if (!/^\s*\d{1,15}\s*$/.test(part)) {
          throw new Problem(
            400,
            'Unable to cast object(s)',
            `Unable to cast '${part.trim()}' in ${name} to a number. Allowed separator: ','.`,
          )
        }
        return Number(part)
      })
      assertContactGroups(ids)
      return {
        // `record.`: json_each has a column json of its own.
        sql: "EXISTS (SELECT 1 FROM json_each(record.json, '$.ContactGroupIds') WHERE value IN (SELECT value FROM json_each(?)))",
        values: [JSON.stringify(ids)],
      }
    },
  }
}
