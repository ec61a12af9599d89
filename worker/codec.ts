import { promisify } from 'node:util'
import { deflateRaw, inflateRaw } from 'node:zlib'
import type { DataConverter, Payload, PayloadCodec } from '@temporalio/common'
import proto from '@temporalio/proto'

const { Payload: PayloadMessage } = proto.temporal.api.common.v1
// The asynchronous forms work off the main thread: a page of a first load takes tens of milliseconds to deflate.
const [deflate, inflate] = [promisify(deflateRaw), promisify(inflateRaw)]

const ENCODING = 'binary/deflate'

/**
 * Smaller payloads stay as they are, so that statuses, details, edits and small chunks can be read in the Temporal UI
 * as they stand; large ones are read there through the codec endpoint (worker/receiver.ts).
 */
const COMPRESS_FROM_BYTES = 4_096

/** Pages, chunks and the memory's leaves shrink to a third: history is paid by the byte, and limits count what is encoded. */
export const compression: PayloadCodec = {
  encode: (payloads) => Promise.all(payloads.map(encodePayload)),
  decode: (payloads) => Promise.all(payloads.map(decodePayload)),
}

/** The same for workers, every client and replay: without it nothing that a worker wrote can be read. */
export const dataConverter: DataConverter = { payloadCodecs: [compression] }

async function encodePayload(payload: Payload): Promise<Payload> {
  const raw = PayloadMessage.encode(payload).finish()
  if (raw.length < COMPRESS_FROM_BYTES) return payload
  return { metadata: { encoding: Buffer.from(ENCODING) }, data: await deflate(raw) }
}

async function decodePayload(payload: Payload): Promise<Payload> {
  const encoding = payload.metadata?.['encoding']
  if (!payload.data || !encoding || Buffer.from(encoding).toString() !== ENCODING) return payload
  return PayloadMessage.decode(await inflate(payload.data))
}
