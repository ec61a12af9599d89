import type { CreateDecision } from '../../flows/decision.ts'
import type { ItemReading, Reading } from '../../flows/reading.ts'
import { type CreatingRow, type Row, rowKey, type SeenRow } from '../../flows/row.ts'
import { recordKey } from '../../flows/side.ts'
import { type Chunk, replacing } from './chunk.ts'
import { creationAfter } from './creation.ts'
import { refusesTwin } from './twin.ts'
import { createdContent, createdItems } from './values-to-create.ts'
import { listRequest } from './whole-record.ts'

/** What the memory holds of a create whose end is not known (E18). `source`, `items`: what the new record is made from. */
export function creatingRow(
  chunk: Pick<Chunk, 'definition' | 'collections' | 'request'>,
  decision: CreateDecision,
  source: Reading,
  items: readonly ItemReading[] | null = null,
): CreatingRow {
  const { definition } = chunk
  const { on } = decision
  const creation = creationAfter(decision)
  const gives = createdContent(definition, on, source, chunk.collections[on], creation)
  const isListKept = items !== null && definition.items !== undefined
  return {
    kind: 'creating',
    side: source.side,
    id: source.id,
    reference: source.id,
    creation,
    since: Date.now(),
    gives: isListKept ? { ...gives, items: createdItems(listRequest(chunk.request).definition, on, items) } : gives,
  }
}

export function creatingRowIn({ rows }: CreateDecision): CreatingRow | undefined {
  return rows.find((row): row is CreatingRow => row.kind === 'creating')
}

/** The decision with the row of its create, which stands where the record's row of before stood. */
export function withCreatingRow(decision: CreateDecision, row: CreatingRow): CreateDecision {
  return { ...decision, rows: [...decision.rows.filter((other) => rowKey(other) !== rowKey(row)), row] }
}

/**
 * What is given now is not what the memory says, and no earlier attempt made anything: from now on the memory says so.
 * @param isAgain it was sent before, and is about to be sent once more: whoever looks for it next goes by the latest time
 * @returns undefined: the row is another by now, and the record is decided anew
 */
export async function announcedAnew(
  chunk: Chunk,
  decision: CreateDecision,
  source: Reading,
  items: readonly ItemReading[] | null,
  isAgain: boolean,
): Promise<CreateDecision | undefined> {
  const row = creatingRow(chunk, decision, source, items)
  const before = creatingRowIn(decision)
  const isTimeKept = !isAgain || refusesTwin(chunk.collections[decision.on])
  if (before && isTimeKept && givesTheSame(before, row)) return decision
  const put = [replacing(decision.rows, withEarlier(row, before))]
  const report = await chunk.request.memory.put(chunk.input, chunk.input.directory, put, chunk.context.signal)
  return report.answers[0]?.kind === 'done' ? withCreatingRow(decision, withEarlier(row, before)) : undefined
}

/**
 * The decision with what an earlier attempt put into the memory: the row of a create that is not announced before its
 * chunk begins.
 */
export async function withEarlierAttempt(chunk: Chunk, decision: CreateDecision): Promise<CreateDecision> {
  if (!chunk.isRepeated || !isAnnouncedAlone(chunk, decision) || creatingRowIn(decision)) return decision
  const key = recordKey(decision.from.side, decision.from.id)
  const rows = await chunk.request.memory.lookup(chunk.input, chunk.input.directory, [key], chunk.context.signal)
  const row = rows.find((each): each is CreatingRow => each.kind === 'creating')
  return row ? withCreatingRow(decision, row) : withOwnRefusal(chunk, decision, rows)
}

/**
 * What an earlier attempt of this very activity was refused stands in the memory, and nobody heard of it: it is asked again, in the
 * place of that row, or the record would be left alone and listed nowhere (E12).
 */
export function withOwnRefusal(
  { isRepeated, pointer }: Pick<Chunk, 'isRepeated' | 'pointer'>,
  decision: CreateDecision,
  rows: readonly Row[],
): CreateDecision {
  const { side, id } = decision.from
  const isOwn = (row: Row): row is SeenRow =>
    row.kind === 'seen' && row.side === side && row.id === id && row.pointer === pointer
  const refusal = isRepeated ? rows.find(isOwn) : undefined
  if (!refusal) return decision
  return { ...decision, rows: [...decision.rows.filter((other) => rowKey(other) !== rowKey(refusal)), refusal] }
}

/** The webshop's lines have no place for our reference, so what a record with lines was given is kept before it is sent. */
export function isAnnouncedAlone({ definition }: Chunk, { on }: CreateDecision): boolean {
  return on === 'shop' && definition.items !== undefined
}

export function givesTheSame(a: CreatingRow, b: CreatingRow): boolean {
  const text = ({ gives }: CreatingRow): string => JSON.stringify([gives?.hashes, gives?.items])
  return text(a) === text(b)
}

/** More attempts than these, each of another content, are not told apart. */
const EARLIER_KEPT = 3

/** What was looked for and not found may still be on its way: what it gave is kept beside what is given now. */
function withEarlier(row: CreatingRow, before: CreatingRow | undefined): CreatingRow {
  if (!row.gives || !before?.gives || before.gives.definition !== row.gives.definition) return row
  const { gives } = before
  if (givesTheSame(row, before)) return { ...row, gives }
  const earlier = [gives.hashes, ...(gives.earlier ?? [])].slice(0, EARLIER_KEPT)
  const lists = [...(gives.items ? [gives.items] : []), ...(gives.earlierItems ?? [])].slice(0, EARLIER_KEPT)
  return { ...row, gives: { ...row.gives, earlier, ...(lists.length > 0 ? { earlierItems: lists } : {}) } }
}
