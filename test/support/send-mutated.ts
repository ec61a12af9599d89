import { Agent, request } from 'node:http'
import type { MutatedRequest } from './mutate-request.ts'

export interface RawAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
}

export interface RawClient {
  /** Rejects when the connection broke or nothing came in time: with the status line, that is what a crash looks like. */
  send(mutated: MutatedRequest): Promise<RawAnswer>
  close(): void
}

const answerWithinMs = 30_000

/** Sends paths and headers as they are: fetch would tidy them first. */
export function createRawClient(origin: string): RawClient {
  const { hostname, port } = new URL(origin)
  const agent = new Agent({ keepAlive: true, maxSockets: 8 })
  return {
    send: ({ method, path, headers, body }) =>
      new Promise((resolve, reject) => {
        const length = body === null ? {} : { 'content-length': String(body.length) }
        const sent = request(
          { hostname, port, agent, method, path, headers: { ...headers, ...length }, timeout: answerWithinMs },
          (answer) => {
            const parts: Buffer[] = []
            answer.on('data', (part: Buffer) => parts.push(part))
            answer.once('error', reject)
            answer.once('end', () => {
              resolve({
                status: answer.statusCode ?? 0,
                headers: answer.headers,
                text: Buffer.concat(parts).toString('utf8'),
              })
            })
          },
        )
        sent.once('timeout', () => sent.destroy(new Error(`no answer within ${answerWithinMs / 1_000} s`)))
        sent.once('error', reject)
        sent.end(body ?? undefined)
      }),
    close: () => agent.destroy(),
  }
}
