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
export const uuid = z.string().min(1).max(100)
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
