import type { FlowDefinition } from '../../flows/flow-definition.ts'
import { type NotOffered, offers } from '../../flows/not-offered.ts'
import type { Preview } from '../../flows/port.ts'
import type { Reading } from '../../flows/reading.ts'
import type { Side } from '../../flows/side.ts'
import { limitsSentence } from '../live/offers.ts'
import { differs } from '../reading/differs.ts'
import type { Snapshot } from './snapshot.ts'

const EXAMPLES = 10

/** What a first start would do, counted from the same lists and the same matching, without a write (rule 15). */
export function previewOf(
  definition: FlowDefinition,
  snapshot: Pick<Snapshot, 'states' | 'pairs' | 'ambiguous' | 'erpOnly' | 'shopOnly'>,
  company: { name: string; production: boolean },
  notOffered?: NotOffered,
): Preview {
  const reading = (side: Side, id: string): Reading | undefined => {
    const state = snapshot.states[side].get(id)
    return state?.kind === 'present' ? state.reading : undefined
  }
  const overwrites = { erp: [] as string[], shop: [] as string[] }
  for (const { erpId, shopId } of snapshot.pairs) {
    const [erp, shop] = [reading('erp', erpId), reading('shop', shopId)]
    if (!erp?.content || !shop?.content) continue
    const different = differs(definition, erp.content, shop.content)
    for (const [index, field] of definition.fields.entries()) {
      if (different[index] !== '1' || field.direction === 'atCreation') continue
      const toErp =
        field.direction === 'toErp' || (field.direction === 'both' && erp.content.canonical[field.name] == null)
      const to = toErp ? 'erp' : 'shop'
      if (offers(notOffered, to, 'update')) overwrites[to].push(`${field.name} of ${erp.label}`)
    }
  }
  const takesPart = (side: Side, ids: readonly string[]): Reading[] =>
    ids.flatMap((id) => {
      const found = reading(side, id)
      return found && !found.dormant && found.outOfScope === null ? [found] : []
    })
  const createInShop = offers(notOffered, 'shop', 'create') ? takesPart('erp', snapshot.erpOnly) : []
  const createInErp = offers(notOffered, 'erp', 'create') ? takesPart('shop', snapshot.shopOnly) : []
  const outOfScope = snapshot.erpOnly.length + snapshot.shopOnly.length - createInShop.length - createInErp.length
  const labels = (readings: readonly Reading[]): string[] => readings.slice(0, EXAMPLES).map((found) => found.label)
  return {
    company: company.name,
    production: company.production,
    link: snapshot.pairs.length,
    createInErp: createInErp.length,
    createInShop: createInShop.length,
    overwriteErp: overwrites.erp.length,
    overwriteShop: overwrites.shop.length,
    ambiguous: snapshot.ambiguous.length,
    outOfScope,
    ...(notOffered && { limits: limitsSentence(definition, notOffered) }),
    examples: {
      link: snapshot.pairs.slice(0, EXAMPLES).map(({ erpId }) => reading('erp', erpId)?.label ?? erpId),
      createInErp: labels(createInErp),
      createInShop: labels(createInShop),
      overwriteErp: overwrites.erp.slice(0, EXAMPLES),
      overwriteShop: overwrites.shop.slice(0, EXAMPLES),
      ambiguous: snapshot.ambiguous.slice(0, EXAMPLES).map(({ key }) => key),
    },
  }
}
