import { dtoCompleter, withDefaults } from '../complete-dto.ts'
import { type EntityKind, refusalOf, storeOf } from '../entity-kind.ts'
import { derivedPatch } from '../json-patch.ts'
import type { JsonObject } from '../schema.ts'
import type { DeliveryTermDto, PaymentTermDto } from './term-dto.ts'

export const paymentTermKind = termKind<PaymentTermDto>({
  name: 'paymentTerms',
  path: '/PaymentTerms',
  noun: 'Payment term',
  dtoSchema: 'PaymentTermDto',
  postSchema: 'PaymentTermPostDto',
  // Odd, yet so in the description.
  statuses: { deleted: 201 },
  sequence: 'paymentTerm',
  defaults: { IsActive: true, IsDefault: false },
  required: ['Name', 'CreditDays'],
})

export const deliveryTermKind = termKind<DeliveryTermDto>({
  name: 'deliveryTerms',
  path: '/DeliveryTerms',
  noun: 'Delivery term',
  dtoSchema: 'DeliveryTermDto',
  postSchema: 'DeliveryTermPostDto',
  sequence: 'deliveryTerm',
  defaults: { IsDefault: false },
  required: ['Name'],
})

type Named = 'name' | 'path' | 'noun' | 'dtoSchema' | 'postSchema' | 'statuses'

interface TermOptions<Dto extends PaymentTermDto | DeliveryTermDto> extends Pick<EntityKind<Dto>, Named> {
  readonly sequence: string
  readonly defaults: JsonObject
  readonly required: readonly string[]
}

/** Payment and delivery terms: small lists with a default one each, without filters. */
function termKind<Dto extends PaymentTermDto | DeliveryTermDto>(options: TermOptions<Dto>): EntityKind<Dto> {
  const { sequence, defaults, required, ...named } = options
  const completeDto = dtoCompleter(named.dtoSchema)
  const complete = (properties: JsonObject) => completeDto(withDefaults(properties, defaults)) as unknown as Dto
  const kind: EntityKind<Dto> = {
    ...named,
    patch: derivedPatch(named.noun, { post: named.postSchema, dto: named.dtoSchema }),
    filters: [],
    roles: { read: ['CommonServices', 'CommonServices_Full'], write: ['CommonServices_Full'] },
    identity: ['Id', 'Name'],
    build: (state, sent, { now }) =>
      complete({
        ...sent,
        Id: storeOf(state, kind).nextId(sequence),
        CreatedDateTimeOffset: now,
        LastChangedDateTimeOffset: now,
      }),
    change: (_, current, changes, now) => complete({ ...current, ...changes, LastChangedDateTimeOffset: now }),
    assertAllowed(_, term, written) {
      for (const name of required) {
        const isEmpty = term[name] === null || term[name] === ''
        if (isEmpty && (written === 'all' || written.has(name))) throw refusalOf(kind, `${name} is required.`)
      }
    },
    // One default at a time, as in any such list of settings (not documented).
    afterSave(state, term) {
      if (term.IsDefault !== true) return
      const store = storeOf(state, kind)
      for (const other of store.all({ sql: 'isDefault = 1 AND id <> ?', values: [term.Id] })) {
        store.save({ ...other, IsDefault: false, LastChangedDateTimeOffset: state.clock.next() })
      }
    },
  }
  return kind
}
