import type { Need } from './needs.ts'
import type { World } from './world.ts'

/** A level of docs/webshop-contract.md, or what may be added at any of them. */
export type RuleLevel = 1 | 2 | 3 | 4 | 'any'

/** One sentence of the contract that can be tried on a running shop. */
export interface Rule {
  /** `<group>.<name>`; reports and scripts name it, so it stays as it is. */
  readonly id: string
  readonly level: RuleLevel
  /** What holds, as a sentence. */
  readonly title: string
  /** What goes wrong in the sync when it does not hold. */
  readonly why: string
  /** Where to look when it does not hold. */
  readonly hint: string
  /** What the shop must offer, and the kit be given, for it to be tried. */
  readonly needs: readonly Need[]
  /** Returns when it holds. @throws RuleBroken | NotChecked | SetupFailed | ShopUnreachable */
  run(world: World): Promise<void>
}
