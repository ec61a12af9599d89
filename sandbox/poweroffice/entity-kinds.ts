import { customerKind } from './customers/kind.ts'
import { departmentKind } from './departments/kind.ts'
import type { EntityKind, RecordDto } from './entity-kind.ts'

const kinds = [customerKind, departmentKind]

/** Every entity that people can write; each has the admin endpoints /sandbox/<name>. A kind only ever meets records of its own store. */
export const entityKinds = kinds as unknown as readonly EntityKind<RecordDto>[]
