import { promisify } from 'node:util'
import { deflateRaw, inflateRaw } from 'node:zlib'
import type { DataConverter, Payload, PayloadCodec } from '@temporalio/common'
import proto from '@temporalio/proto'
import type { Settings } from '../flows/settings.ts'
import { encryption } from './encryption.ts'

const { Payload: PayloadMessage } = proto.temporal.api.common.v1
// The asynchronous forms work off the main thread: a page of a first load takes tens of milliseconds to deflate.
const [deflate, inflate] = [promisify(deflateRaw), promisify(inflateRaw)]

const ENCODING = 'binary/deflate'

/**
 * Smaller payloads stay as they are, so that statuses, details, edits and small chunks can be read in the Temporal UI
 * as they stand; large ones are read there through the codec endpoint (worker/receiver.ts).
 */
const COMPRESS_FROM_BYTES = 4_096

/** Rows are mostly hashes, which do not shrink: the usual 6 takes half as long again for 2 % less (measured on pages and chunks). */
const LEVEL = 3
/** What a payload grows to as a rule: one buffer of that size instead of one every 16 KiB, each a turn of the event loop. */
const GROWS_BY = 4

/** Pages, chunks and the memory's leaves shrink to a third: history is paid by the byte, and limits count what is encoded. */
const compression: PayloadCodec = {
  encode: (payloads) => Promise.all(payloads.map(encodePayload)),
  decode: (payloads) => Promise.all(payloads.map(decodePayload)),
}

/** In the order of encoding: what is encrypted does not shrink any more. */
export function payloadCodecs(settings: Pick<Settings, 'codecKeys'>): PayloadCodec[] {
  return [compression, encryption(settings.codecKeys)]
}

/** The same for workers, every client and replay: without it nothing that a worker wrote can be read. */
export function dataConverterOf(settings: Pick<Settings, 'codecKeys'>): DataConverter {
  return { payloadCodecs: payloadCodecs(settings) }
}

async function encodePayload(payload: Payload): Promise<Payload> {
  const raw = PayloadMessage.encode(payload).finish()
  if (raw.length < COMPRESS_FROM_BYTES) return payload
  return {
    metadata: { encoding: Buffer.from(ENCODING) },
    data: await deflate(raw, { level: LEVEL, chunkSize: raw.length }),
  }
}

async function decodePayload(payload: Payload): Promise<Payload> {
  const encoding = payload.metadata?.['encoding']
  if (!payload.data || !encoding || Buffer.from(encoding).toString() !== ENCODING) return payload
  return PayloadMessage.decode(await inflate(payload.data, { chunkSize: bufferFor(payload.data.length) }))
}

/** zlib takes no buffer below 64 bytes. */
function bufferFor(deflatedBytes: number): number {
  return Math.max(1_024, GROWS_BY * deflatedBytes)
}
