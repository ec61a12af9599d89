/** What PowerOffice advises where it names no time, and a fair guess elsewhere. */
const unknownWaitMs = 2_000

/**
 * How long a 429 or 503 asks to wait: Retry-After (seconds or a date), else the seconds that its message names, else null.
 * (`Rate limit is exceeded. Try again in N seconds.`, the gateway's form: sandbox/poweroffice/README.md)
 */
export function findRetryAfterMs(
  answer: { readonly headers: Readonly<Record<string, string>>; readonly text: string },
  nowMs: number,
): number | null {
  const header = answer.headers['retry-after']?.trim()
  if (header !== undefined && /^\d+(\.\d+)?$/.test(header)) return Number(header) * 1000
  if (header !== undefined && !Number.isNaN(Date.parse(header))) return Math.max(0, Date.parse(header) - nowMs)
  const named = /try again in (\d+(?:\.\d+)?) seconds?/i.exec(answer.text.slice(0, 2000))?.[1]
  return named === undefined ? null : Number(named) * 1000
}

export function throttleWaitMs(
  answer: { readonly headers: Readonly<Record<string, string>>; readonly text: string },
  nowMs: number,
): number {
  // A wait of 0 would send the same request into the same second again.
  return Math.max(100, findRetryAfterMs(answer, nowMs) ?? unknownWaitMs)
}
