import type { Markup } from './markup.ts'

/** One system as its own users see it: how it is called and where its lists are. */
export interface Site {
  /** Asked for every page: the shop's name is a setting. */
  readonly name: () => string
  /** Whose pages these are, in a sentence below each of them. */
  readonly about: Markup
  /** Colour of the system, the same as in the console. */
  readonly accent: 'erp' | 'shop'
  readonly places: readonly Place[]
}

export interface Place {
  readonly path: string
  readonly label: string
}
