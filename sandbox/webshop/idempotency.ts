import { createHash } from 'node:crypto'
import type { ShopDatabase } from './database.ts'
import { Problem } from './problem.ts'

/** The contract promises a day; two leave room for a client that counts from its own clock. */
const keptForMs = 48 * 3_600_000
const maxKeyLength = 255

export interface KeptAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** A POST that carries an Idempotency-Key. */
export interface KeyedRequest {
  readonly caller: string
  readonly key: string
  readonly path: string
  readonly body: string
}

export interface KeptAnswers {
  /** @throws Problem 422 when the key was used for another path or body */
  find(request: KeyedRequest): KeptAnswer | undefined
  /** To be called in the transaction that does the write: either both are kept or none. Only for 2xx answers. */
  keep(request: KeyedRequest, answer: KeptAnswer): void
}

export function openKeptAnswers(database: ShopDatabase): KeptAnswers {
  database.exec(`CREATE TABLE IF NOT EXISTS kept_answers (
    caller TEXT NOT NULL, key TEXT NOT NULL, request TEXT NOT NULL, answer TEXT NOT NULL, keptAtMs INTEGER NOT NULL,
    PRIMARY KEY (caller, key)) WITHOUT ROWID`)
  database.prepare('DELETE FROM kept_answers WHERE keptAtMs < ?').run(Date.now() - keptForMs)
  const select = database.prepare('SELECT request, answer FROM kept_answers WHERE caller = ? AND key = ?')
  const insert = database.prepare('INSERT INTO kept_answers VALUES (?, ?, ?, ?, ?)')
  return {
    find: (request) => {
      const kept = select.get(request.caller, request.key) as { request: string; answer: string } | undefined
      if (!kept) return undefined
      if (kept.request !== fingerprint(request)) {
        throw new Problem(422, 'idempotency-key-reused', 'This Idempotency-Key came with another path or body before.')
      }
      return JSON.parse(kept.answer) as KeptAnswer
    },
    keep: (request, answer) => {
      insert.run(request.caller, request.key, fingerprint(request), JSON.stringify(answer), Date.now())
    },
  }
}

/** @throws Problem 400 for a key that nobody could have meant */
export function parseIdempotencyKey(header: string | undefined): string | undefined {
  if (header === undefined) return undefined
  if (header.length > 0 && header.length <= maxKeyLength) return header
  throw new Problem(400, 'bad-request', `An Idempotency-Key has 1 to ${maxKeyLength} characters.`)
}

/** Byte for byte: the strictest reading of "same body", so that a client that passes here passes elsewhere. */
function fingerprint(request: KeyedRequest): string {
  return createHash('sha256').update(`${request.path}\n${request.body}`).digest('base64')
}
