import { check, checkStatus } from '../checks.ts'
import { isJson, pathOf } from '../collections.ts'
import type { Rule } from '../rule.ts'
import { emailOf } from '../samples.ts'
import { etagVersion } from '../world.ts'
import { hasType, pointersIn } from './problems.ts'

export const creatingRules: readonly Rule[] = [
  {
    id: 'creating.answer',
    level: 3,
    title: 'POST is answered 201 with the record, Location and ETag',
    why: 'The sync links the two records by the id in this answer, and writes on with its version.',
    hint: 'Location is the path of the new record, ETag its version in double quotes.',
    needs: ['creates'],
    run: async (world) => {
      for (const collection of world.creatable()) {
        const answer = await world.shop.post(pathOf(collection), await world.bodyOf(collection))
        checkStatus(answer, 201, 'the record was created')
        const id = isJson(answer.json) ? String(answer.json['id']) : ''
        const location = answer.headers['location'] ?? ''
        check(location.endsWith(pathOf(collection, id)), `Location: ${pathOf(collection, id)}`, answer)
        check(etagVersion(answer) !== null, 'ETag: "<version>"', answer)
        checkStatus(await world.shop.get(pathOf(collection, id)), 200, 'the record is there')
      }
    },
  },
  {
    id: 'creating.null-is-absent',
    level: 3,
    title: 'null and absent mean the same in a POST, and unknown fields are ignored',
    why: 'The sync names every field it knows; a refused null would refuse the record.',
    hint: 'Take null for "not given", and leave out what you do not know.',
    needs: ['creates'],
    run: async (world) => {
      const empty = { erpId: null, active: null, koblingConformanceUnknown: 1 }
      const ofCollection = {
        customers: { ...empty, phone: null, address: null, customerNumber: null },
        products: { ...empty, gtin: null, description: null, type: null },
        orders: { erpId: null, departmentId: null, status: null, koblingConformanceUnknown: 1 },
      }
      for (const collection of world.creatable()) {
        const body = { ...(await world.bodyOf(collection)), ...ofCollection[collection] }
        const answer = await world.shop.post(pathOf(collection), body)
        checkStatus(answer, 201, 'null is the same as absent')
        const record = isJson(answer.json) ? answer.json : {}
        if (collection === 'orders')
          check(record['status'] === 'open', '"status": "open", as when it is not given', answer)
        else check(record['active'] === true, '"active": true, as when it is not given', answer)
      }
    },
  },
  {
    id: 'errors.pointers',
    level: 3,
    title: 'Wrong fields are answered 422 with a pointer for each of them, all at once',
    why: 'The pointers tell people which field to mend; a 422 without them is taken for a reused Idempotency-Key.',
    hint: '`errors: [{ "pointer": "/email", "detail": "…" }]`, one entry for each wrong field.',
    needs: ['creates'],
    run: async (world) => {
      const wrong = {
        customers: { email: 'no e-mail', active: 'perhaps' },
        products: { priceExVat: 'expensive', active: 'perhaps' },
        orders: { orderedAt: 'yesterday', status: 'perhaps' },
      }
      for (const collection of world.creatable()) {
        const body = { ...(await world.bodyOf(collection)), ...wrong[collection] }
        const answer = await world.shop.post(pathOf(collection), body)
        checkStatus(answer, 422, 'two fields are wrong')
        const expected = Object.keys(wrong[collection]).map((name) => `/${name}`)
        const given = pointersIn(answer)
        check(
          expected.every((pointer) => given.includes(pointer)),
          `errors with the pointers ${expected.join(' and ')}`,
          answer,
        )
      }
    },
  },
  {
    id: 'errors.bad-json',
    level: 3,
    title: 'A body that is no JSON is answered 400',
    why: 'A cut-off request must not create half a record.',
    hint: '400, with a problem whose type ends in bad-request.',
    needs: ['creates'],
    run: async (world) => {
      for (const collection of world.creatable()) {
        const headers = { 'content-type': 'application/json' }
        const answer = await world.shop.send({ method: 'POST', path: pathOf(collection), headers, body: '{"name": ' })
        checkStatus(answer, 400, 'this is no JSON')
      }
    },
  },
  {
    id: 'errors.taken',
    level: 3,
    title: 'A taken sku, customerNumber or e-mail is answered 409 already-exists',
    why: 'Two records with one number: the next match would be a guess.',
    hint: 'Unique: sku; customerNumber within the kind; e-mail in any case where emailUnique is declared.',
    needs: ['creates'],
    run: async (world) => {
      for (const { answer, what } of await tryTaken(world)) {
        checkStatus(answer, 409, `the ${what} is taken`)
        check(hasType(answer, 'already-exists'), 'a type that ends in already-exists', answer)
      }
    },
  },
  {
    id: 'errors.existing-id',
    level: 3,
    title: 'A 409 already-exists names the record that has the value, as existingId',
    why: 'With it the sync, or a person, links the record that is there instead of looking for it.',
    hint: '`"existingId": "<id>"` in the problem.',
    needs: ['creates'],
    run: async (world) => {
      for (const { answer, id } of await tryTaken(world)) {
        if (answer.status !== 409) continue // errors.taken says so
        check(isJson(answer.json) && answer.json['existingId'] === id, `"existingId": "${id}"`, answer)
      }
    },
  },
]

async function tryTaken(world: Parameters<Rule['run']>[0]) {
  const tried = []
  const { emailUnique } = world.declared.customers
  if (world.creatable().includes('customers')) {
    const customerNumber = world.unique()
    const email = emailOf(world.unique())
    const { id } = await world.make('customers', { customerNumber, email })
    const again = async (fields: object) =>
      world.shop.post(pathOf('customers'), { ...(await world.bodyOf('customers')), ...fields })
    tried.push({ what: 'customerNumber', id, answer: await again({ customerNumber }) })
    if (emailUnique) tried.push({ what: 'e-mail', id, answer: await again({ email: email.toUpperCase() }) })
  }
  if (world.creatable().includes('products')) {
    const { id, json } = await world.make('products')
    const body = { ...(await world.bodyOf('products')), sku: json['sku'] }
    tried.push({ what: 'sku', id, answer: await world.shop.post(pathOf('products'), body) })
  }
  return tried
}
