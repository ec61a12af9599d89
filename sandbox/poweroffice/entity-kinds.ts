import { customerKind } from './customers/kind.ts'
import { deliveryAddressKind } from './delivery-addresses/kind.ts'
import { departmentKind } from './departments/kind.ts'
import type { EntityKind, RecordDto } from './entity-kind.ts'
import { productGroupKind } from './product-groups/kind.ts'
import { productKind } from './products/kind.ts'
import { accountKind } from './reference-lists/account-kind.ts'
import { deliveryTermKind, paymentTermKind } from './reference-lists/term-kinds.ts'

const kinds = [
  customerKind,
  departmentKind,
  productKind,
  productGroupKind,
  accountKind,
  paymentTermKind,
  deliveryTermKind,
  deliveryAddressKind,
]

/** Every entity that people can write; each has the admin endpoints /sandbox/<name>. A kind only ever meets records of its own store. */
export const entityKinds = kinds as unknown as readonly EntityKind<RecordDto>[]
