import type { ApiContext } from './api-env.ts'
import { isJsonObject, type JsonObject } from './json.ts'
import { Problem } from './problem.ts'

/** A customer is under a kilobyte; this leaves room for an order of thousands of lines. */
const maxBodyLength = 2_000_000

/**
 * The request's body as sent and as understood.
 * @throws Problem 415, 413, 400 for what is no JSON, 422 for JSON that is no object
 */
export async function parseJsonBody(
  context: ApiContext,
  contentType: 'application/json' | 'application/merge-patch+json',
): Promise<{ text: string; value: JsonObject }> {
  const given = context.req.header('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (given !== contentType) {
    const headers = context.req.method === 'PATCH' ? { 'accept-patch': contentType } : {}
    throw new Problem(415, 'unsupported-media-type', `Send ${contentType}, not ${given ?? 'nothing'}.`, { headers })
  }
  const text = await context.req.text()
  if (text.length > maxBodyLength) {
    throw new Problem(413, 'too-large', `A body has at most ${maxBodyLength} characters.`)
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new Problem(400, 'bad-request', 'The body is not JSON.')
  }
  if (isJsonObject(value)) return { text, value }
  const errors = [{ pointer: '', detail: 'Must be a JSON object.' }]
  throw new Problem(422, 'invalid-fields', 'The body must be a JSON object.', { errors })
}
