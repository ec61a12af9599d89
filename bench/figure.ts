import type { Ground } from './ground.ts'

/** One line of the table. Ratios and counts where possible: times of one machine say little about another. */
export interface Figure {
  readonly name: string
  readonly value: number
  readonly unit: string
  /** `computed`: follows from constants in the code, nobody waited for it. */
  readonly how: 'measured' | 'computed'
  /** What was aimed at; null: told for orientation. */
  readonly target: { readonly atMost: number } | { readonly atLeast: number } | null
  /** Spread, conditions, what else belongs to it. */
  readonly note: string
}

export interface Scenario {
  readonly name: string
  readonly title: string
  run(ground: Ground): Promise<Figure[]>
}

export function isMet({ value, target }: Figure): boolean | null {
  if (target === null) return null
  return 'atMost' in target ? value <= target.atMost : value >= target.atLeast
}

/** Three significant digits; counts whole. */
export function rounded(value: number): number {
  if (!Number.isFinite(value) || Math.abs(value) >= 1_000) return Math.round(value)
  return Number(value.toPrecision(3))
}
