import type { FlowDefinition } from '../../flows/flow-definition.ts'
import { type NotOffered, offers } from '../../flows/not-offered.ts'
import { type Side, sides } from '../../flows/side.ts'
import { collectionOf } from '../systems/systems.ts'
import type { WorldRequest } from './world-request.ts'

/**
 * What the two systems do not offer of a flow; undefined: it has all that it could want.
 * @throws VendorTrouble
 */
export async function notOfferedBy({ systems, definition, context }: WorldRequest): Promise<NotOffered | undefined> {
  const missing: { [side in Side]?: ('create' | 'update')[] } = {}
  for (const side of sides) {
    const collection = collectionOf(systems, side, definition.name)
    // The two below are known once a system has been asked what it offers, which this does in a worker that just started.
    await collection.notOffered?.(context)
    const { canCreate, canUpdate } = collection
    // Lists are made with their records: nobody creates one by itself.
    const lacks = [
      ...(canCreate || definition.listOf ? [] : ['create' as const]),
      ...(canUpdate ? [] : ['update' as const]),
    ]
    if (lacks.length > 0) missing[side] = lacks
  }
  return Object.keys(missing).length === 0 ? undefined : missing
}

/** The same in a sentence, for the status; null: nothing is missing. */
export function limitsSentence(definition: FlowDefinition, notOffered: NotOffered | undefined): string | null {
  const sentences = sides.flatMap((side) => {
    const [here, there] = side === 'shop' ? ['The webshop', 'PowerOffice'] : ['PowerOffice', 'the webshop']
    const what = definition.listOf ? 'the lines of orders' : `${definition.recordName}s`
    const [takesNew, takesEdits] = [offers(notOffered, side, 'create'), offers(notOffered, side, 'update')]
    if (takesNew && takesEdits) return []
    if (takesNew) return [`${here} does not offer to edit ${what}: edits in ${there} stay there.`]
    if (takesEdits) return [`${here} does not offer to create ${what}: new ones in ${there} stay there.`]
    return [`${here} does not offer to create or edit ${what}: what is new or edited in ${there} stays there.`]
  })
  return sentences.length === 0 ? null : sentences.join(' ')
}
