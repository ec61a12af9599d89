import { randomBytes } from 'node:crypto'
import type { Payload } from '@temporalio/common'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { type CodecKey, readCodecKeys } from '../flows/codec-keys.ts'
import { payloadCodecs } from '../worker/codec.ts'

const newKey = (id: string): CodecKey => ({ id, secret: randomBytes(32).toString('base64') })
const [march, june] = [newKey('2026-03'), newKey('2026-06')]
const person = 'Kari Nordmann, kari@example.no, 900 00 000'

const payload = (text: string): Payload => ({
  metadata: { encoding: Buffer.from('json/plain') },
  data: Buffer.from(JSON.stringify(text)),
})

async function encode(keys: readonly CodecKey[], text: string): Promise<Payload> {
  let payloads = [payload(text)]
  for (const codec of payloadCodecs({ codecKeys: keys })) payloads = await codec.encode(payloads)
  const [only] = payloads
  if (only === undefined) throw new Error('a codec lost the payload')
  return only
}

async function decode(keys: readonly CodecKey[], encoded: Payload): Promise<unknown> {
  let payloads = [encoded]
  for (const codec of payloadCodecs({ codecKeys: keys }).toReversed()) payloads = await codec.decode(payloads)
  return JSON.parse(Buffer.from(payloads[0]?.data ?? []).toString())
}

const said = (value: Uint8Array | null | undefined): string => Buffer.from(value ?? []).toString('latin1')

test('with a key nothing of a payload can be read but the id of the key', async () => {
  const encoded = await encode([march, june], person)
  expect(said(encoded.metadata?.['encoding'])).toBe('binary/encrypted')
  expect(said(encoded.metadata?.['encryption-key-id'])).toBe('2026-03')
  expect(Object.keys(encoded.metadata ?? {})).toHaveLength(2)
  expect(said(encoded.data)).not.toMatch(/Kari|example|json/)
})

test('whatever is encrypted is read again, small or large enough to be compressed', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 3_000 }), async (text, times) => {
      expect(await decode([june, march], await encode([march], text.repeat(times)))).toBe(text.repeat(times))
    }),
    { seed: 7, numRuns: 60 },
  )
})

test('a large payload is compressed before it is encrypted', async () => {
  const encoded = await encode([march], person.repeat(1_000))
  expect(encoded.data?.length).toBeLessThan(2_000)
})

test('two encryptions of one payload have nothing in common', async () => {
  const [one, other] = [await encode([march], person), await encode([march], person)]
  expect(said(one.data)).not.toBe(said(other.data))
})

test('without keys payloads stay as they were, and those of the time before encryption are read with keys', async () => {
  const plain = await encode([], person)
  expect(plain).toEqual(payload(person))
  expect(await decode([march], plain)).toBe(person)
  expect(await decode([march], await encode([], person.repeat(1_000)))).toBe(person.repeat(1_000))
})

test('rotation: the first key encrypts, the older ones still decrypt', async () => {
  const old = await encode([march], person)
  const fresh = await encode([june, march], person)
  expect(said(fresh.metadata?.['encryption-key-id'])).toBe('2026-06')
  expect(await decode([june, march], old)).toBe(person)
  expect(await decode([march, june], fresh)).toBe(person)
})

test('a key that is missing is named, with the setting', async () => {
  const encoded = await encode([march], person)
  await expect(decode([june], encoded)).rejects.toThrow(
    'A payload is encrypted with the key "2026-03", which this process does not have: add that key to KOBLING_CODEC_KEYS and start again.',
  )
  await expect(decode([], encoded)).rejects.toThrow('"2026-03"')
})

test('another key under the same id and a changed payload are refused in a sentence, not misread', async () => {
  const encoded = await encode([march], person)
  const sentence = 'A payload cannot be decrypted with the key "2026-03": put the key that it was encrypted with'
  await expect(decode([newKey('2026-03')], encoded)).rejects.toThrow(sentence)
  for (const at of [0, 20, (encoded.data?.length ?? 0) - 1]) {
    const data = Buffer.from(encoded.data ?? [])
    data[at] = (data[at] ?? 0) ^ 1
    await expect(decode([march], { ...encoded, data })).rejects.toThrow(sentence)
  }
  await expect(decode([march], { ...encoded, data: Buffer.from('short') })).rejects.toThrow(sentence)
})

test('keys are read from one setting, several by comma, blank or line', () => {
  const text = `${march.id}:${march.secret},\n${june.id}:${june.secret}\n`
  expect(readCodecKeys({ KOBLING_CODEC_KEYS: text })).toEqual([march, june])
  expect(readCodecKeys({})).toEqual([])
})

test('a key that is none is refused by its place, and its text is not repeated', () => {
  const short = randomBytes(16).toString('base64')
  const message = messageOf(() => readCodecKeys({ KOBLING_CODEC_KEYS: `${march.id}:${march.secret},june:${short}` }))
  expect(message).toMatch(/^Key 2 of KOBLING_CODEC_KEYS is not <id>:<base64 of 32 bytes>/)
  expect(message).not.toContain(short)
  const twice = `${march.id}:${march.secret} ${march.id}:${june.secret}`
  expect(messageOf(() => readCodecKeys({ KOBLING_CODEC_KEYS: twice }))).toBe(
    'KOBLING_CODEC_KEYS has two keys with the id "2026-03": give each key an id of its own.',
  )
})

function messageOf(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
  throw new Error('nothing was refused')
}
