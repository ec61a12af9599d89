import { seededFractions } from '../../sandbox/faults/seeded-fractions.ts'

/** Whole numbers that look random and are the same on every machine, so that a failing run can be run again. */
export function seededRandom(seed: number): { between(least: number, most: number): number } {
  const next = seededFractions(seed)
  return { between: (least, most) => least + Math.floor(next() * (most - least + 1)) }
}
