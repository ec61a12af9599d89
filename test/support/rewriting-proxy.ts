import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface RewritingProxy {
  readonly url: string
  /** How many requests of each method have passed. */
  readonly passed: Readonly<Record<string, number>>
  close(): Promise<void>
}

/**
 * Stands before a sandbox and changes what it answers, for records that a sandbox would never hold.
 * @param rewrite of a record, by itself or in a list; the path tells the records of two collections apart that share an id
 * @param spell the last word on an answer's text, for JSON that no JavaScript value makes (1e400, a key twice)
 */
export async function startRewritingProxy(
  target: string,
  rewrite: (record: Record<string, unknown>, path: string) => Record<string, unknown>,
  spell: (text: string) => string = (text) => text,
): Promise<RewritingProxy> {
  const rewritten = (json: unknown, path: string): unknown => {
    if (Array.isArray(json)) return json.map((one) => rewritten(one, path))
    if (typeof json !== 'object' || json === null) return json
    if ('Id' in json || 'id' in json) return rewrite(json as Record<string, unknown>, path)
    return 'items' in json ? { ...json, items: rewritten(json.items, path) } : json
  }
  const counts: Record<string, number> = {}
  const answerRequest = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const method = request.method ?? 'GET'
    counts[method] = (counts[method] ?? 0) + 1
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const { host: _host, connection: _connection, 'content-length': _length, ...headers } = request.headers
    const answer = await fetch(`${target}${request.url}`, {
      method,
      headers: headers as Record<string, string>,
      ...(chunks.length > 0 ? { body: Buffer.concat(chunks) } : {}),
    })
    const text = await answer.text()
    const passed = [...answer.headers].filter(([name]) => !/^(content-length|transfer-encoding|connection)$/.test(name))
    response.writeHead(answer.status, Object.fromEntries(passed))
    const path = request.url ?? ''
    response.end(
      text === '' ? undefined : isJson(answer) ? spell(JSON.stringify(rewritten(JSON.parse(text), path))) : text,
    )
  }
  const server = createServer((request, response) => void answerRequest(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    passed: counts,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function isJson(answer: Response): boolean {
  return (answer.headers.get('content-type') ?? '').includes('json')
}
