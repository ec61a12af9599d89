import { reasonOf } from './monotonic-clock.ts'

/** Parsing 20,000 rows in one go stalls heartbeats and webhooks (docs/engine.md). */
const rowsAtOnce = 500

/** `rows` mapped in order, with the event loop let through between chunks. Rejects with the signal's reason. */
export async function mapInChunks<Row, Result>(
  rows: readonly Row[],
  map: (row: Row) => Result,
  signal: AbortSignal,
  onChunk?: (done: number) => void,
): Promise<Result[]> {
  const results: Result[] = []
  for (let from = 0; from < rows.length; from += rowsAtOnce) {
    if (from > 0) await new Promise((resolve) => setImmediate(resolve))
    if (signal.aborted) throw reasonOf(signal)
    for (const row of rows.slice(from, from + rowsAtOnce)) results.push(map(row))
    onChunk?.(results.length)
  }
  return results
}
