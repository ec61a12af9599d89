import { check, NotChecked } from '../checks.ts'
import { isJson, type Json, pathOf, type ShopRecord } from '../collections.ts'
import type { Rule } from '../rule.ts'
import { plainFields } from '../samples.ts'
import type { World } from '../world.ts'
import { patched } from './patching.ts'

export const mergePatchRules: readonly Rule[] = [
  {
    id: 'patch.absent-stays',
    level: 2,
    title: 'What a PATCH does not name stays as it is',
    why: 'The sync writes one field at a time: everything else would be emptied.',
    hint: 'RFC 7396: absent means "leave it".',
    needs: ['updates'],
    run: async (world) => {
      for (const record of await world.editables()) {
        const [one, other] = fieldsOf(record)
        const filled = await patched(world, record, { [one[0]]: one[1], [other[0]]: other[1] })
        const after = await patched(world, filled, { [one[0]]: one[2] })
        const now = await world.shop.get(pathOf(record.collection, record.id))
        const shown = (name: string) => JSON.stringify(after.json[name] ?? null)
        const changed = Object.keys(filled.json).filter(
          (name) => !moves.has(name) && name !== one[0] && shown(name) !== JSON.stringify(filled.json[name] ?? null),
        )
        check(changed.length === 0, `only ${one[0]} changed, and ${changed.join(', ')} did too`, now)
      }
    },
  },
  {
    id: 'patch.writes',
    level: 2,
    title: 'What a PATCH names is stored as it was written',
    why: 'A value that comes back otherwise looks like an edit in the shop, and is sent to PowerOffice.',
    hint: 'Texts are stored as written; trimming at both ends is all that the contract leaves to a shop.',
    needs: ['updates'],
    run: async (world) => {
      for (const record of await world.editables()) {
        const [one] = fieldsOf(record)
        const after = await patched(world, record, { [one[0]]: one[1] })
        const now = await world.shop.get(pathOf(record.collection, record.id))
        check(after.json[one[0]] === one[1], `"${one[0]}": "${one[1]}"`, now)
      }
    },
  },
  {
    id: 'patch.null-clears',
    level: 2,
    title: 'null in a PATCH clears the field',
    why: 'What somebody emptied in PowerOffice would stay in the shop for ever.',
    hint: 'RFC 7396: null means "remove", and an answer shows it as null.',
    needs: ['updates'],
    run: async (world) => {
      for (const record of await world.editables()) {
        const [one] = fieldsOf(record)
        const filled = await patched(world, record, { [one[0]]: one[1] })
        const after = await patched(world, filled, { [one[0]]: null })
        const now = await world.shop.get(pathOf(record.collection, record.id))
        check((after.json[one[0]] ?? null) === null, `"${one[0]}": null`, now)
      }
    },
  },
  {
    id: 'patch.unknown-ignored',
    level: 2,
    title: 'Unknown fields of a PATCH are ignored, and the known ones are written',
    why: 'A newer sync may send a field that the shop does not know yet; refusing it would stop all edits.',
    hint: 'Leave out what you do not know; never refuse for it.',
    needs: ['updates'],
    run: async (world) => {
      for (const record of await world.editables()) {
        const [one] = fieldsOf(record)
        const patch: Json = { koblingConformanceUnknown: { any: ['thing'] }, [one[0]]: one[2] }
        const answer = await world.shop.patch(pathOf(record.collection, record.id), record.version, patch)
        check(answer.status === 200, 'status 200: unknown fields are ignored', answer)
        const after = await world.read(record)
        check(after.json[one[0]] === one[2], `"${one[0]}": "${one[2]}"`, answer)
      }
    },
  },
  {
    id: 'patch.nested-address',
    level: 2,
    title: 'A PATCH of one part of the address leaves its other parts, and null takes the whole address away',
    why: 'A new street would cost the customer the town.',
    hint: 'RFC 7396 merges objects member by member.',
    needs: ['customers.update'],
    run: async (world) => {
      const customer = await editableCustomer(world)
      const whole = { line1: 'Storgata 1', line2: 'Oppgang B', zip: '0155', city: 'Oslo', country: 'NO' }
      const filled = await patched(world, customer, { address: whole })
      const moved = await patched(world, filled, { address: { line1: 'Lillegata 2' } })
      const now = await world.shop.get(pathOf('customers', customer.id))
      const parts = addressOf(moved)
      const expected = { ...addressOf(filled), line1: 'Lillegata 2' }
      check(isSameAddress(parts, expected), `"address": ${JSON.stringify(expected)}`, now)
      const cleared = await patched(world, moved, { address: { line2: null } })
      check(
        isSameAddress(addressOf(cleared), { ...expected, line2: null }),
        'line2 null and all other parts as before',
        now,
      )
      const without = await patched(world, cleared, { address: null })
      const last = await world.shop.get(pathOf('customers', customer.id))
      check(isSameAddress(addressOf(without), {}), '"address": null, or all parts null', last)
    },
  },
]

/** What every change moves. */
const moves = new Set(['version', 'changedAt'])

type Field = readonly [name: string, one: string, other: string]

function fieldsOf({ collection }: ShopRecord): readonly [Field, Field] {
  const [one, other] = plainFields[collection]
  if (!one || !other) throw new Error(`two fields of ${collection} are named in samples.ts`)
  return [one, other]
}

async function editableCustomer(world: World): Promise<ShopRecord> {
  const customer = (await world.editables()).find(({ collection }) => collection === 'customers')
  if (customer) return customer
  throw new NotChecked('there is no customer that the kit may edit')
}

function addressOf({ json }: ShopRecord): Json {
  return isJson(json['address']) ? json['address'] : {}
}

const parts = ['line1', 'line2', 'zip', 'city', 'country'] as const

function isSameAddress(one: Json, other: Json): boolean {
  return parts.every((part) => (one[part] ?? null) === (other[part] ?? null))
}
