import fc from 'fast-check'
import { type Side, sides } from '../../flows/side.ts'
import { type FaultKind, faultKinds } from './network.ts'

export const editableFields = ['name', 'note', 'tag', 'price', 'address'] as const
export type EditableField = (typeof editableFields)[number]

/** What happens next, after so many events: whatever it is falls between two steps of whatever the engine does. */
export type Command = { readonly after: number } & (
  | {
      readonly kind: 'edit'
      readonly on: Side
      /** Which of the records there are, counted round. */
      readonly which: number
      readonly field: EditableField
      /** The field's earlier value of that side comes back (A to B to A). */
      readonly isRevert: boolean
      /** How long the write takes to show after its change time was stamped (PowerOffice). */
      readonly slowMs: number
    }
  | { readonly kind: 'create'; readonly on: Side | 'both'; readonly hasCode: boolean }
  /** Somebody makes there, with the same code, what already stands on the other side only: one of those, counted round. */
  | { readonly kind: 'twin'; readonly on: Side; readonly which: number }
  | { readonly kind: 'remove'; readonly on: Side; readonly which: number }
  | { readonly kind: 'approve' }
  | { readonly kind: 'crash' }
  /** The process stands still and another one takes over; later it wakes. */
  | { readonly kind: 'standStill'; readonly ms: number }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'roll' }
  | {
      readonly kind: 'fault'
      readonly on: Side
      readonly what: 'read' | 'write'
      readonly fault: FaultKind
      readonly ms: number
    }
)

export interface Schedule {
  readonly seed: number
  /** Without them whatever the watches do not tell of is never found: nobody deletes or edits an address then. */
  readonly hasSweeps: boolean
  readonly comparesTests: boolean
  /** The webshop refuses a second record of one code, whoever makes it. */
  readonly keepsCodesUnique: boolean
  readonly commands: readonly Command[]
}

const side = fc.constantFrom(...sides)
const which = fc.nat({ max: 7 })
const after = fc.oneof({ weight: 3, arbitrary: fc.nat({ max: 12 }) }, { weight: 1, arbitrary: fc.nat({ max: 60 }) })

const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      kind: fc.constant('edit' as const),
      after,
      on: side,
      which,
      field: fc.constantFrom(...editableFields),
      isRevert: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
      slowMs: fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat({ max: 25_000 }) }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('create' as const),
      after,
      on: fc.oneof({ weight: 6, arbitrary: side }, { weight: 1, arbitrary: fc.constant('both' as const) }),
      hasCode: fc.boolean(),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('twin' as const), after, on: side, which }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove' as const), after, on: side, which }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('approve' as const), after }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('crash' as const), after }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('standStill' as const),
      after,
      ms: fc.integer({ min: 500, max: 25_000 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), after, ms: fc.integer({ min: 100, max: 20_000 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('roll' as const), after }) },
  {
    weight: 7,
    arbitrary: fc.record({
      kind: fc.constant('fault' as const),
      after,
      on: side,
      what: fc.constantFrom('read' as const, 'write' as const, 'write' as const),
      fault: fc.constantFrom(...faultKinds),
      ms: fc.integer({ min: 100, max: 8_000 }),
    }),
  },
)

/** What people, the network and the processes do: every part of it can be left out or made smaller. */
export const anySchedule: fc.Arbitrary<Schedule> = fc.record({
  seed: fc.nat(),
  hasSweeps: fc.oneof({ weight: 2, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
  comparesTests: fc.boolean(),
  keepsCodesUnique: fc.oneof({ weight: 2, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  commands: fc.array(command, { minLength: 1, maxLength: 30, size: 'max' }),
})

/** People make one thing in both systems, and nothing else happens: what may come between is a moment, and all else blurs it. */
export const anyTwin: fc.Arbitrary<Schedule> = fc.record({
  seed: fc.nat(),
  hasSweeps: fc.constant(true),
  comparesTests: fc.boolean(),
  keepsCodesUnique: fc.constant(false),
  commands: fc.tuple(fc.record({ kind: fc.constant('twin' as const), after: fc.nat({ max: 60 }), on: side, which })),
})

const quickEdit = fc.record({
  kind: fc.constant('edit' as const),
  after: fc.nat({ max: 25 }),
  on: side,
  which: fc.nat({ max: 2 }),
  field: fc.constantFrom('name' as const, 'note' as const, 'tag' as const),
  isRevert: fc.constant(false),
  slowMs: fc.constant(0),
})
const slowRequest = fc.record({
  kind: fc.constant('fault' as const),
  after: fc.nat({ max: 20 }),
  on: side,
  what: fc.constantFrom('read' as const, 'write' as const),
  fault: fc.constantFrom('slow' as const, 'late' as const),
  ms: fc.integer({ min: 100, max: 3_000 }),
})

/** Few records that are edited again and again while requests are slow: much of it meets work on the same record. */
export const anyRush: fc.Arbitrary<Schedule> = fc.record({
  seed: fc.nat(),
  hasSweeps: fc.constant(true),
  comparesTests: fc.boolean(),
  keepsCodesUnique: fc.constant(false),
  commands: fc.array(fc.oneof({ weight: 3, arbitrary: quickEdit }, { weight: 1, arbitrary: slowRequest }), {
    minLength: 8,
    maxLength: 24,
  }),
})
