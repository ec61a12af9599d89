import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { Payload, PayloadCodec } from '@temporalio/common'
import proto from '@temporalio/proto'
import { type CodecKey, codecKeysSetting } from '../flows/codec-keys.ts'

const { Payload: PayloadMessage } = proto.temporal.api.common.v1

/** Temporal's own samples in all languages write these names and this layout, so that their tools read our histories too. */
const ENCODING = 'binary/encrypted'
const KEY_ID = 'encryption-key-id'
const ALGORITHM = 'aes-256-gcm'
/** A random 96-bit nonce a payload: NIST SP 800-38D allows 2^32 of them under one key. */
const NONCE_BYTES = 12
const TAG_BYTES = 16

/**
 * AES-256-GCM over whole payloads, their metadata included. The first key encrypts, each decrypts what bears its id, and what
 * is not encrypted passes: so keys can be added, put first and taken away while histories hold all of them.
 */
export function encryption(keys: readonly CodecKey[]): PayloadCodec {
  const secrets = new Map(keys.map((key) => [key.id, Buffer.from(key.secret, 'base64')]))
  const [first] = keys
  return {
    encode: async (payloads) =>
      first === undefined ? payloads : payloads.map((payload) => encrypt(payload, first.id)),
    decode: async (payloads) => payloads.map(decrypt),
  }

  function encrypt(payload: Payload, keyId: string): Payload {
    const nonce = randomBytes(NONCE_BYTES)
    const cipher = createCipheriv(ALGORITHM, secretOf(keyId), nonce)
    const hidden = [nonce, cipher.update(PayloadMessage.encode(payload).finish()), cipher.final()]
    return {
      metadata: { encoding: Buffer.from(ENCODING), [KEY_ID]: Buffer.from(keyId) },
      data: Buffer.concat([...hidden, cipher.getAuthTag()]),
    }
  }

  function decrypt(payload: Payload): Payload {
    if (textOf(payload.metadata?.['encoding']) !== ENCODING) return payload
    const keyId = textOf(payload.metadata?.[KEY_ID])
    const secret = secretOf(keyId)
    const data = Buffer.from(payload.data ?? [])
    try {
      const decipher = createDecipheriv(ALGORITHM, secret, data.subarray(0, NONCE_BYTES))
      decipher.setAuthTag(data.subarray(-TAG_BYTES))
      const shown = [decipher.update(data.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]
      return PayloadMessage.decode(Buffer.concat(shown))
    } catch (error) {
      throw new Error(
        `A payload cannot be decrypted with the key "${keyId}": put the key that it was encrypted with under this id in ${codecKeysSetting} and start again.`,
        { cause: error },
      )
    }
  }

  /** @throws Error that workflow tasks, activities and people's questions fail with until the key is there; they lose nothing. */
  function secretOf(keyId: string): Buffer {
    const secret = secrets.get(keyId)
    if (secret !== undefined) return secret
    throw new Error(
      `A payload is encrypted with the key "${keyId}", which this process does not have: add that key to ${codecKeysSetting} and start again.`,
    )
  }
}

function textOf(bytes: Uint8Array | null | undefined): string {
  return bytes ? Buffer.from(bytes).toString() : ''
}
