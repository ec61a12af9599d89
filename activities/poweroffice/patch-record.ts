import type { JsonObject, RequestContext, WriteAnswer } from '../connector.ts'
import type { HttpAnswer } from '../http/exchange.ts'
import type { HttpClient } from '../http/http-client.ts'
import { hasChangedSinceRead, type Patch, type PatchTests, patchOf } from './patch.ts'
import { parseProblem } from './vendor-problem.ts'

export interface PatchRequest {
  readonly path: string
  /** Path without ids. */
  readonly label: string
  /** The record as it was read, in PowerOffice's own JSON. */
  readonly current: JsonObject
  readonly body: JsonObject
  /** Properties whose shown value is not the stored one (inherited), so that comparing them proves nothing. */
  readonly neverTested?: readonly string[]
  /** The record as it is now; null: gone, or it cannot be read. */
  readNow(): Promise<JsonObject | 'missing' | 'unreadable'>
}

export type PatchAnswer =
  | { readonly kind: 'patched'; readonly answer: HttpAnswer }
  | Extract<WriteAnswer, { readonly kind: 'refused' | 'stale' | 'missing' | 'uncertain' }>

/** Writes `body` over the record, only where it still is as in `current`, as far as PowerOffice has a way to say so. */
export async function patchRecord(
  { client, tests }: { readonly client: HttpClient; readonly tests: PatchTests },
  request: PatchRequest,
  context: RequestContext,
): Promise<PatchAnswer> {
  const { path, label, current, body } = request
  const headers = { 'content-type': 'application/json-patch+json' }
  const send = (patch: Patch) =>
    client.write({ method: 'PATCH', path, label, headers, body: JSON.stringify(patch.operations) }, context)
  const patch = patchOf(current, body, tests.areSent(), request.neverTested)
  let answer = await send(patch)
  // What a failed test says is not documented, so the record itself is asked whether it is as it was.
  if (answer.kind !== 'uncertain' && answer.status === 400 && patch.tested.length > 0) {
    const now = await request.readNow()
    if (now === 'missing') return { kind: 'missing' }
    if (now === 'unreadable' || hasChangedSinceRead(current, now, patch.tested)) return { kind: 'stale' }
    answer = await send(patchOf(current, body, false))
    if (answer.kind !== 'uncertain' && answer.status < 300) tests.stopSending()
  }
  if (answer.kind === 'uncertain') return answer
  if (answer.status < 300) return { kind: 'patched', answer }
  if (answer.status === 404 || answer.status === 410) return { kind: 'missing' }
  return { kind: 'refused', status: answer.status, ...parseProblem(answer.status, answer.json) }
}
