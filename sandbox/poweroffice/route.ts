import type { Answer } from './problem.ts'
import { malformed, Problem } from './problem.ts'

/** One operation of the description. Handlers are synchronous: nothing can come between a check and its write. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** As in openapi.json, without /v2: `/Customers/{id}`. */
  readonly path: string
  /** One of these is needed; empty: a token is enough. */
  readonly roles: readonly string[]
  /** The body is multipart/form-data: it arrives in `files`, and `body` stays empty. */
  readonly takesFiles?: true
  handle(request: ApiRequest): Answer
}

export interface ApiRequest {
  readonly url: URL
  readonly params: Readonly<Record<string, string>>
  readonly contentType: string
  readonly body: string
  /** null where the route takes none, or the body is no multipart/form-data. */
  readonly files: readonly UploadedFile[] | null
}

export interface UploadedFile {
  readonly field: string
  readonly name: string
  /** Content type as sent. */
  readonly type: string
  readonly bytes: Uint8Array<ArrayBuffer>
}

export interface MatchedRoute {
  readonly route: Route
  readonly params: Readonly<Record<string, string>>
}

/** Path casing is loose, as seen live (README.md). The first fitting route wins: literal paths go before parameters. */
export function createRouteTable(routes: readonly Route[]): (method: string, path: string) => MatchedRoute | null {
  const patterns = routes.map((route) => ({
    route,
    pattern: new RegExp(`^/v2${route.path.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}/?$`, 'i'),
  }))
  return (method, path) => {
    for (const { route, pattern } of patterns) {
      const match = route.method === method ? pattern.exec(path) : null
      if (match) return { route, params: match.groups ?? {} }
    }
    return null
  }
}

/** Content types that the spec declares for POST (README.md). */
export function readJsonBody(request: ApiRequest): unknown {
  if (!/^(application\/json|text\/json|application\/[\w.-]+\+json)\b/i.test(request.contentType)) {
    throw new Problem(415, 'Unsupported Media Type', `Content type '${request.contentType}' is not supported.`)
  }
  return parseJson(request.body)
}

export function readPatchBody(request: ApiRequest, { jsonAccepted }: { jsonAccepted: boolean }): unknown {
  const accepted = jsonAccepted ? /^application\/(json-patch\+)?json\b/i : /^application\/json-patch\+json\b/i
  if (!accepted.test(request.contentType)) {
    throw new Problem(415, 'Unsupported Media Type', `Content type '${request.contentType}' is not supported.`)
  }
  return parseJson(request.body)
}

/** An int64 id of the path. Anything else cannot be bound and is a 400, as ASP.NET does. */
export function readId(request: ApiRequest, parameter = 'id'): number {
  const text = request.params[parameter] ?? ''
  const id = Number(text)
  if (!/^-?\d+$/.test(text) || !Number.isSafeInteger(id))
    throw malformed(`The value '${text}' is not valid.`, parameter)
  return id
}

/** A GUID of the path, in lower case. */
export function readGuid(request: ApiRequest, parameter = 'id'): string {
  const text = (request.params[parameter] ?? '').toLowerCase()
  if (!isGuid(text)) throw malformed(`The value '${text}' is not valid.`, parameter)
  return text
}

export function isGuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw malformed('The request body is not valid JSON.')
  }
}
