export interface SeedOptions {
  /** Another number, other names and other amounts; the cases stay the same. */
  readonly seed?: number
  /**
   * `demo` (the default): a company that a person can look through. A number: that many customers and products in the ERP
   * and that many orders over both sides, for loads; the cases that wait for a person stay as few as in the demo.
   */
  readonly size?: 'demo' | number
}

// Any fixed number does; changing it changes every name, and with that the screenshots in the documentation.
const demoSeed = 20261101

/** Each list draws from a stream of its own, so that one more product does not rename the customers. */
const streams = { customers: 0, departments: 1, products: 2, orders: 3 } as const

export function streamOf(options: SeedOptions, list: keyof typeof streams): number {
  return (options.seed ?? demoSeed) + streams[list]
}

/** @param demoCount how many records the demo has, which is what `demo` and no size stand for */
export function sizeOr(options: SeedOptions, demoCount: number): number {
  const { size = 'demo' } = options
  if (size === 'demo') return demoCount
  if (Number.isSafeInteger(size) && size >= smallestSize) return size
  throw new Error(`a seed's size is 'demo' or a whole number from ${smallestSize} on, not ${size}`)
}

/** Below it the special cases, of which there are always as many, would not leave room for the ordinary. */
export const smallestSize = 100

/** The setting is wrong; the message names it and what it takes. */
export class SeedSettingWrong extends Error {}

/**
 * KOBLING_SEED_NUMBER and KOBLING_SEED_SIZE (`small`, which is the demo, or a number), the same for both sandboxes: only seeds
 * of one number and size belong together. Throws SeedSettingWrong.
 */
export function seedOptionsOf(environment: Readonly<Record<string, string | undefined>>): SeedOptions {
  const { KOBLING_SEED_NUMBER: number = '', KOBLING_SEED_SIZE: size = '' } = environment
  if (number !== '' && !isWhole(number)) {
    throw new SeedSettingWrong(`KOBLING_SEED_NUMBER must be a whole number of up to nine digits, not '${number}'.`)
  }
  const isDemo = size === '' || size === 'small'
  if (!isDemo && !(isWhole(size) && Number(size) >= smallestSize)) {
    throw new SeedSettingWrong(
      `KOBLING_SEED_SIZE must be small or a number of customers from ${smallestSize} on, such as 10000, not '${size}'.`,
    )
  }
  return { ...(number !== '' && { seed: Number(number) }), ...(!isDemo && { size: Number(size) }) }
}

function isWhole(text: string): boolean {
  return /^\d{1,9}$/.test(text)
}

/** What a sandbox puts into an empty data file: a whole company, its customers alone, or nothing. */
export const seedNames = ['all', 'customers', 'none'] as const
export type SeedName = (typeof seedNames)[number]
