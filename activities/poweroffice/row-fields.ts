import { z } from 'zod'

/**
 * Properties of PowerOffice's answers. null and absent are taken alike; findAbsentProperty has looked at what no row
 * carries.
 */
export const text = z
  .union([z.string(), z.number().transform(String)])
  .nullish()
  .transform((value) => value ?? null)

// An id beyond 2^53 has lost digits on its way through JSON and would name another record.
const wholeNumber = z.union([
  z.int(),
  z
    .string()
    .regex(/^-?\d{1,15}$/, 'expected a whole number')
    .transform(Number),
])

export const id = wholeNumber

/** Whether PowerOffice can be asked for a record of this id: what stands for an id that is none, it refuses. */
export function isNumericId(text: string): boolean {
  return id.safeParse(text).success
}
const uuidForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Whether PowerOffice can be asked for an order or an invoice of this id: anything else is refused as no part of an address. */
export function isUuid(id: string): boolean {
  return uuidForm.test(id)
}

export const uuid = z.string().regex(uuidForm, 'is not an id of the form that PowerOffice gives')
export const integer = wholeNumber.nullish().transform((value) => value ?? null)

/** @param otherwise the documented value where none is given (sandbox/poweroffice/README.md) */
export const flag = (otherwise: boolean) =>
  z
    .boolean()
    .nullish()
    .transform((value) => value ?? otherwise)

/** A flag without a documented value: null says that it is not known. */
export const maybeFlag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? null)

/** As PowerOffice's own JSON number, for a patch that compares; decimal-text.ts makes exact text of it. */
export const number = z
  .union([
    z.number(),
    z
      .string()
      .regex(/^-?\d+(\.\d+)?$/, 'expected a number')
      .transform(Number),
  ])
  .nullish()
  .transform((value) => value ?? null)

/** The first ten characters: a time part has been seen behind dates (sandbox/poweroffice/README.md, dateOnlyFields). */
export const date = z
  .string()
  .nullish()
  .transform((value) => value?.slice(0, 10) ?? null)
