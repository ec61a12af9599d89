/** A person waits as long as a paused system takes. */
const patienceMs = 120_000

export interface Ask {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

/** JSON in and out. @throws Error naming what was asked and the answer's first words */
export async function ask<T>(url: string, { method = 'GET', headers = {}, body }: Ask = {}): Promise<T> {
  const { json } = await askWhole<T>(url, { method, headers, body })
  return json
}

export async function askWhole<T>(
  url: string,
  { method = 'GET', headers = {}, body }: Ask = {},
): Promise<{ readonly json: T; readonly headers: Headers; readonly status: number }> {
  const answer = await fetch(url, {
    method,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    signal: AbortSignal.timeout(patienceMs),
  })
  const text = await answer.text()
  if (!answer.ok) throw new RefusedByPeople(method, new URL(url).pathname, answer.status, text)
  return { json: (text === '' ? null : JSON.parse(text)) as T, headers: answer.headers, status: answer.status }
}

/** A system refused what a person wanted: a record that is gone or locked, for example. */
export class RefusedByPeople extends Error {
  readonly status: number
  constructor(method: string, path: string, status: number, text: string) {
    super(`${method} ${path} was answered ${status}: ${text.slice(0, 200)}`)
    this.status = status
  }
}
