import type { Random } from './operations.ts'

/** One of a list, each as often as its weight says. @throws Error for an empty list */
export function choose<T extends { readonly weight: number }>(list: readonly T[], random: Random): T {
  const total = list.reduce((sum, { weight }) => sum + weight, 0)
  const drawn = random.between(1, total)
  let passed = 0
  for (const item of list) {
    passed += item.weight
    if (drawn <= passed) return item
  }
  throw new Error('there is nothing to choose from')
}
