import { createLineSchema, lineSchema, patchLineSchema } from '../line-schema.ts'
import { body, headersNamed, json } from './answers.ts'
import type { Operation } from './operation.ts'
import { line, newLine } from './order-examples.ts'
import { idempotencyKey, ifMatch, lineId } from './parameters.ts'
import { type Refusal, refusedWith } from './refusals.ts'

const path = '/api/orders/{id}/lines'

const note =
  'If-Match and ETag are the *order’s* version: each write of a line moves it, and answers the new one, so that the next ' +
  'line can be written without reading the order again.'

const always: readonly Refusal[] = [
  'bad-request',
  'forbidden',
  'not-offered',
  'not-found',
  'locked',
  'gone',
  'version-changed',
  'if-match-required',
]

/** Writes of single lines; they are read with their order. */
export const lineOperations: readonly Operation[] = [
  {
    method: 'post',
    path,
    operationId: 'addLine',
    summary: 'Adds a line to an order',
    description: `${note} The Idempotency-Key is looked up before If-Match is compared: a repeated POST names a version that its first time has moved.`,
    level: 4,
    request: {
      params: lineId.pick({ id: true }),
      headers: ifMatch.extend(idempotencyKey.shape),
      body: body(createLineSchema, 'application/json', { 'a fee': newLine }),
    },
    responses: {
      201: json(
        lineSchema,
        'The new line.',
        { 'a fee': { id: 'l-000303', sku: null, ...newLine } },
        'Location',
        'ETag',
      ),
      ...refusedWith(...always, 'too-large', 'unsupported-media-type', 'invalid-fields', 'idempotency-key-reused'),
    },
  },
  {
    method: 'patch',
    path: `${path}/{lineId}`,
    operationId: 'updateLine',
    summary: 'Changes a line of an order',
    description: `${note} A PATCH that changes nothing moves nothing. \`kind\` does not change (422).`,
    level: 4,
    request: {
      params: lineId,
      headers: ifMatch,
      body: body(patchLineSchema, 'application/merge-patch+json', {
        'one more': { quantity: '3' },
        'no discount any more': { discountPercent: null },
      }),
    },
    responses: {
      200: json(lineSchema, 'The line as it is now.', { 'one more': { ...line, quantity: '3' } }, 'ETag'),
      ...refusedWith(...always, 'too-large', 'unsupported-media-type', 'invalid-fields'),
    },
  },
  {
    method: 'delete',
    path: `${path}/{lineId}`,
    operationId: 'removeLine',
    summary: 'Removes a line from an order',
    description: note,
    level: 4,
    request: { params: lineId, headers: ifMatch },
    responses: { 204: { description: 'Removed.', headers: headersNamed('ETag') }, ...refusedWith(...always) },
  },
]
