import { isJson } from '../collections.ts'
import type { Answer } from '../shop-client.ts'

/** RFC 9457, with all four members that the contract asks for. */
export function isProblem({ headers, json, status }: Answer): boolean {
  if (!(headers['content-type'] ?? '').startsWith('application/problem+json') || !isJson(json)) return false
  const texts = [json['type'], json['title'], json['detail']]
  return json['status'] === status && texts.every((text) => typeof text === 'string' && text !== '')
}

/** Clients compare how `type` ends. */
export function hasType({ json }: Answer, ending: string): boolean {
  return isJson(json) && typeof json['type'] === 'string' && json['type'].endsWith(ending)
}

/** The pointers of a 422. */
export function pointersIn({ json }: Answer): string[] {
  const errors = isJson(json) ? json['errors'] : undefined
  if (!Array.isArray(errors)) return []
  return errors.flatMap((error: unknown) =>
    isJson(error) && typeof error['pointer'] === 'string' ? error['pointer'] : [],
  )
}
