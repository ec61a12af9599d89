import { z } from '@hono/zod-openapi'
import { filterNames } from '../change-feed.ts'
import type { Collection, SharedFields } from '../collection.ts'
import { changedAt, erpId, ownId, version } from '../field-schemas.ts'
import { body, json } from './answers.ts'
import type { CollectionExamples } from './collection-examples.ts'
import type { Operation } from './operation.ts'
import { idempotencyKey, ifMatch, recordId } from './parameters.ts'
import { refusedWith } from './refusals.ts'

const tombstoneSchema = z
  .object({
    id: ownId,
    deleted: z.literal(true),
    kind: z.string().optional().describe('Of a customer.'),
    erpId,
    version,
    changedAt: changedAt.describe('When it was deleted.'),
  })
  .openapi('Tombstone', { description: 'What remains of a deleted record.' })

const filterTexts: Readonly<Record<string, string>> = {
  id: 'The records of these ids.',
  erpId: 'The records that carry these ids of the ERP. From level 2 on: the sync looks here before it repeats a POST.',
  email: 'Customers of these addresses, in any case.',
  organizationNumber: 'Customers of these numbers, as written.',
  customerNumber: 'Customers of these numbers, of every kind.',
  kind: 'Customers of these kinds.',
  sku: 'Products of these article numbers, as written.',
  gtin: 'Products of these numbers, as written.',
  number: 'Orders of these numbers.',
  customerId: 'Orders of these customers.',
  status: 'Orders in these states.',
}

const listQuery = z.object({
  changedSince: z
    .string()
    .min(1)
    .optional()
    .describe(
      '`next` of an earlier page; without it the list begins at the beginning. Not together with a filter (400).',
    )
    .openapi({ example: 'Y3VzdG9tZXJzOjE6NDI' }),
  limit: z.int().min(1).max(500).default(100).describe('Records on a page.').openapi({ example: 500 }),
})

/** A filter is repeated for several values; commas do not separate. */
const filter = (name: string) =>
  z
    .array(z.string().min(1))
    .min(1)
    .max(100)
    .optional()
    .describe(`${filterTexts[name] ?? ''} Repeat the parameter for up to 100 values; several filters must all hold.`)
    .openapi({ param: { style: 'form', explode: true } })

const listDescription =
  'Records in the order of their latest change, each once and at that place, deleted ones as tombstones. `next` is always ' +
  'there, on an empty page too; the reader stores it and goes on from it. **Nothing may be missed**: what changes while ' +
  'somebody pages appears later; to be seen twice is fine. A written record is in the list as soon as its write was ' +
  'answered. With filters: one page of the live records that pass them. An unknown parameter is 400: a mistyped filter ' +
  'that answers everything leads to wrong matches.'

/** The same schemas that validate describe: there is no second list of fields to keep in step. */
export function collectionOperations<Fields extends SharedFields>(
  { name, singular, columns, schemas }: Collection<Fields>,
  examples: CollectionExamples,
): readonly Operation[] {
  const path = `/api/${name}`
  const one = `${singular.charAt(0).toUpperCase()}${singular.slice(1)}`
  const page = z
    .object({
      items: z.array(z.union([schemas.record, tombstoneSchema])),
      next: z.string().min(1).describe('The cursor to go on from, opaque to the reader.'),
      hasMore: z.boolean().describe('There is more to read at once.'),
      epoch: z
        .string()
        .min(1)
        .describe(
          'Names the life of the database. A database put back gets a new one: the reader then reads everything.',
        ),
    })
    .openapi(`${one}Page`, { description: 'One page of a list.' })
  const query = listQuery.extend(Object.fromEntries(filterNames(columns).map((each) => [each, filter(each)])))
  const ending = { next: 'Y3VzdG9tZXJzOjE6NDI', hasMore: false, epoch: 'e-5f0c2a91bb' }
  return [
    {
      method: 'get',
      path,
      operationId: `list${one}s`,
      summary: `Changes of ${name} in order, or the ${name} that pass filters`,
      description: listDescription,
      level: 1,
      request: { query },
      responses: {
        200: json(page, 'One page.', {
          'some changes, a deletion among them': {
            items: [...Object.values(examples.records), examples.deleted],
            ...ending,
          },
          'nothing new': { items: [], ...ending },
        }),
        ...refusedWith('bad-request', 'unknown-cursor'),
      },
    },
    {
      method: 'post',
      path,
      operationId: `create${one}`,
      summary: `Creates a ${singular}`,
      description: 'The sync’s key is silent: nothing is mailed, printed, reserved or published because of it.',
      level: examples.createLevel,
      request: { headers: idempotencyKey, body: body(schemas.create, 'application/json', examples.creations) },
      responses: {
        201: json(schemas.record, `The new ${singular}.`, examples.created, 'Location', 'ETag'),
        ...refusedWith(
          'bad-request',
          'forbidden',
          'not-offered',
          'already-exists',
          'too-large',
          'unsupported-media-type',
          'invalid-fields',
          'idempotency-key-reused',
        ),
      },
    },
    {
      method: 'get',
      path: `${path}/{id}`,
      operationId: `get${one}`,
      summary: `One ${singular}`,
      description: 'Its ETag goes into the If-Match of the next write.',
      level: 1,
      request: { params: recordId },
      responses: {
        200: json(schemas.record, `The ${singular}.`, examples.records, 'ETag'),
        ...refusedWith('not-found', 'gone'),
      },
    },
    {
      method: 'patch',
      path: `${path}/{id}`,
      operationId: `update${one}`,
      summary: `Changes a ${singular}`,
      description: `A write that changes nothing moves neither version nor change time. ${examples.patchNote}`,
      level: 2,
      request: {
        params: recordId,
        headers: ifMatch,
        body: body(schemas.patch, 'application/merge-patch+json', examples.patches),
      },
      responses: {
        200: json(schemas.record, `The ${singular} as it is now.`, examples.patched, 'ETag'),
        ...refusedWith(
          'bad-request',
          'forbidden',
          'not-offered',
          'not-found',
          'already-exists',
          ...(singular === 'order' ? (['locked'] as const) : []),
          'gone',
          'version-changed',
          'too-large',
          'unsupported-media-type',
          'invalid-fields',
          'if-match-required',
        ),
      },
    },
    {
      method: 'delete',
      path: `${path}/{id}`,
      operationId: `delete${one}`,
      summary: `Deletes a ${singular} and leaves a tombstone`,
      description: `Its numbers, e-mail and erpId are free again, its id is not. ${examples.deleteNote}`,
      level: 'any',
      request: { params: recordId, headers: ifMatch },
      responses: {
        204: { description: 'Deleted.' },
        ...refusedWith(
          'bad-request',
          'forbidden',
          ...(singular === 'customer' ? (['not-offered'] as const) : []),
          'not-found',
          singular === 'order' ? 'locked' : 'in-use',
          'gone',
          'version-changed',
          'if-match-required',
        ),
      },
    },
  ]
}
