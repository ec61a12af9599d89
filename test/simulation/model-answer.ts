import type { HttpAnswer, OutgoingRequest } from '../../activities/http/exchange.ts'

export type Json = Record<string, unknown>

/** One system as its network side sees it. */
export interface ModelServer {
  answer(request: OutgoingRequest): HttpAnswer
}

export function answerOf(
  nowMs: number,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): HttpAnswer {
  const text = JSON.stringify(body)
  return {
    kind: 'answer',
    status,
    headers: { date: new Date(nowMs).toUTCString(), ...headers },
    text,
    json: JSON.parse(text),
    isJson: true,
  }
}
