import type { z } from '@hono/zod-openapi'
import { type JsonObject, mergePatch, tidy } from './json.ts'
import { type FieldError, fieldErrors, invalidFields } from './problem.ts'

/** What of a body may be written, tidied. The rest, known or unknown, right or wrong, is ignored. */
export function pickWritable(body: JsonObject, writable: z.ZodObject): JsonObject {
  const names = Object.keys(writable.shape).filter((name) => Object.hasOwn(body, name))
  return Object.fromEntries(names.map((name) => [name, tidy(body[name])]))
}

/** null and absent are the same in a POST, so what is null is left to the defaults. */
export function withoutNulls(given: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null))
}

/**
 * The fields that an RFC 7396 patch names, as they are after it. Absent after the merge means removed: null, which is
 * stored where the field may be empty and refused where it may not.
 */
export function patchedFields(current: object, patch: JsonObject): JsonObject {
  const merged = mergePatch(current, patch) as JsonObject // an object patched with an object is one
  return Object.fromEntries(Object.keys(patch).map((name) => [name, merged[name] ?? null]))
}

/** @throws Problem 422 that names each wrong field */
export function parseFields<Schema extends z.ZodType>(given: JsonObject, schema: Schema): z.output<Schema> {
  const parsed = schema.safeParse(given)
  if (!parsed.success) throw invalidFields(fieldErrors(parsed.error))
  return parsed.data
}

/** @throws Problem 422 when there are any */
export function refuse(errors: readonly FieldError[]): void {
  if (errors.length > 0) throw invalidFields(errors)
}
