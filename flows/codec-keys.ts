import { type EnvironmentValues, readText } from './environment-values.ts'

/** One key of the payload codec (worker/encryption.ts). The id is no secret: it stands beside each payload it encrypted. */
export interface CodecKey {
  readonly id: string
  /** 32 bytes as base64 text, as it was configured. */
  readonly secret: string
}

export const codecKeysSetting = 'KOBLING_CODEC_KEYS'

/** A workflow, an activity or a question failed for want of a key: nothing is broken, and nothing is to be put back. */
export function isKeyTrouble(message: string): boolean {
  return message.includes(codecKeysSetting)
}

/**
 * `<id>:<base64 of 32 bytes>`, several by comma, blank or line. The first encrypts, all decrypt. None: nothing is encrypted.
 * @throws Error of one sentence that repeats no key
 */
export function readCodecKeys(env: EnvironmentValues): readonly CodecKey[] {
  const text = readText(env, codecKeysSetting)
  if (text === null) return []
  const keys = text
    .split(/[\s,]+/)
    .filter((part) => part !== '')
    .map((part, at) => readKey(part, at + 1))
  const twice = keys.find((key, at) => keys.findIndex((other) => other.id === key.id) !== at)
  if (twice !== undefined) {
    throw new Error(`${codecKeysSetting} has two keys with the id "${twice.id}": give each key an id of its own.`)
  }
  return keys
}

function readKey(part: string, position: number): CodecKey {
  const [, id, secret] = /^([A-Za-z0-9._-]{1,64}):([A-Za-z0-9+/]{43}=)$/.exec(part) ?? []
  if (id === undefined || secret === undefined) {
    throw new Error(
      `Key ${position} of ${codecKeysSetting} is not <id>:<base64 of 32 bytes>: make one with \`openssl rand -base64 32\` and write an id of letters, digits, dots and dashes before it.`,
    )
  }
  return { id, secret }
}
