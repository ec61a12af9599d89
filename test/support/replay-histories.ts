import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inflateRawSync } from 'node:zlib'
import { Worker } from '@temporalio/worker'
import { dataConverterOf } from '../../worker/codec.ts'

export interface Recorded {
  readonly name: string
  readonly text: string
  readonly history: RecordedHistory
}

interface RecordedHistory {
  readonly events: readonly (Readonly<Record<string, unknown>> & { readonly eventType: string })[]
}

/** Every history of the folder; none at all is an error, since a replay of nothing proves nothing. */
export function readHistories(folder: string): Recorded[] {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
  if (names.length === 0) throw new Error(`there is no history in ${folder}: record some, see test/histories/README.md`)
  return names.map((name) => {
    const text = readFileSync(join(folder, name), 'utf8')
    return { name, text, history: JSON.parse(text) as RecordedHistory }
  })
}

/** What does not fit the bundle, by the history's name; nothing is quiet when all fits. */
export async function replay(
  bundle: { readonly code: string },
  recorded: readonly Pick<Recorded, 'name' | 'history'>[],
): Promise<Record<string, string>> {
  const differs: Record<string, string> = {}
  for (const { name, history } of recorded) {
    const workflowId = idOf(history)
    for await (const { error } of Worker.runReplayHistories(
      { workflowBundle: bundle, dataConverter: dataConverterOf({ codecKeys: [] }) },
      [{ workflowId, history }],
    ))
      if (error) differs[name] = error.name
  }
  return differs
}

/** All that the payloads of a history say, decoded: texts that base64 and compression would hide from a search. */
export function plainTextOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(plainTextOf).join('\n')
  if (typeof value !== 'object' || value === null) return String(value)
  const { data, metadata } = value as { data?: unknown; metadata?: Record<string, unknown> }
  const own = typeof data === 'string' ? decoded(data, metadata) : ''
  return `${own}\n${Object.values(value).map(plainTextOf).join('\n')}`
}

function decoded(data: string, metadata: Record<string, unknown> | undefined): string {
  const bytes = Buffer.from(data, 'base64')
  const encoding = Buffer.from(String(metadata?.['encoding'] ?? ''), 'base64').toString()
  return encoding === 'binary/deflate' ? inflateRawSync(bytes).toString('utf8') : bytes.toString('utf8')
}

function idOf(history: RecordedHistory): string {
  const started = history.events[0]?.['workflowExecutionStartedEventAttributes'] as { workflowId?: string } | undefined
  return started?.workflowId ?? 'unknown'
}
