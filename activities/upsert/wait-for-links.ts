import type { CreateDecision } from '../../flows/decision.ts'
import { fieldNamed } from '../../flows/flow-definition.ts'
import type { UnlinkedReference } from '../../flows/reading.ts'
import { flowNamed } from '../../flows/registry.ts'
import { idOf, type RecordKey, recordKey, type Side, sideOf } from '../../flows/side.ts'
import { nameOfSide } from '../reading/side-state.ts'
import { seenAgain } from './apply-park.ts'
import type { Chunk, Done } from './chunk.ts'
import { idsOf } from './creation.ts'

/**
 * A record is not created before everything that it names is linked (E23). Whoever links it is asked to tell; what was
 * linked between our read and that question is looked up once more, so that nobody waits for something that has happened.
 */
export async function waitForLinks(
  chunk: Chunk,
  decision: CreateDecision,
  label: string,
  waits: readonly UnlinkedReference[],
): Promise<Done> {
  const ids = idsOf(decision)
  const { side, id } = decision.from
  const absent = await registerWaits(chunk, recordKey(side, id), waits)
  if (absent.length === 0 && (await areLinkedNow(chunk, waits))) return { outcome: { kind: 'stale', ...ids }, puts: [] }
  const [first] = waits
  const more = waits.length > 1 ? ` and ${waits.length - 1} more` : ''
  const what = first ? inWords(first) : 'another record'
  const notRunning = absent.map((flow) => ` The flow ${flow} does not run: kobling start ${flow}.`).join('')
  return {
    outcome: {
      kind: 'parked',
      ...ids,
      parked: { reason: 'waiting', side, label, detail: `Waits for ${what}${more} to be linked.${notRunning}` },
    },
    puts: [seenAgain(chunk, decision.rows, { side, id, seen: decision.from.seen, reason: 'waiting', others: [] })],
  }
}

/** @returns the flows that do not run, and so will not tell */
export async function registerWaits(
  chunk: Chunk,
  ask: RecordKey,
  waits: readonly UnlinkedReference[],
): Promise<string[]> {
  const { address, otherFlows } = chunk.request
  const flows = [...new Set(waits.map((wait) => wait.flow))]
  const absent = await Promise.all(
    flows.map(async (flow) => {
      const keys = [...new Set(waits.filter((wait) => wait.flow === flow).map((wait) => wait.key))]
      const isRunning = await otherFlows.awaitLinks(
        { connection: address.connection, flow },
        address,
        keys.map((key) => ({ key, ask })),
      )
      return isRunning ? [] : [flow]
    }),
  )
  return absent.flat()
}

async function areLinkedNow(chunk: Chunk, waits: readonly UnlinkedReference[]): Promise<boolean> {
  const asks = waits.map(({ flow, key }) => ({ flow, side: sideOf(key), id: idOf(key) }))
  const links = await chunk.request.links(asks)
  return asks.every(({ flow, side, id }) => links.counterpart(flow, side, id) !== null)
}

/**
 * References whose link may still come. One that the target does not require, and that its flow has looked at and will not
 * link, holds nobody up: the field is withheld (rule 9).
 */
export async function worthWaitingFor(
  chunk: Chunk,
  on: Side,
  unlinked: readonly UnlinkedReference[],
): Promise<UnlinkedReference[]> {
  const kept: UnlinkedReference[] = []
  for (const reference of unlinked) {
    const isRequired = fieldNamed(chunk.definition, reference.field).requiredOn?.includes(on) === true
    if (isRequired || (await mayBeLinked(chunk, reference))) kept.push(reference)
  }
  return kept
}

async function mayBeLinked(chunk: Chunk, { flow, key }: UnlinkedReference): Promise<boolean> {
  const { address, otherFlows, memory, context } = chunk.request
  const other = { connection: address.connection, flow }
  const directory = await otherFlows.directoryOf(other, context.signal)
  if (directory === null) return false
  const rows = await memory.lookup(other, directory, [key], context.signal)
  return !rows.some((row) => row.kind === 'seen' && row.reason !== 'waiting')
}

function inWords({ flow, key }: UnlinkedReference): string {
  return `${flowNamed(flow).recordName} ${idOf(key)} of ${nameOfSide(sideOf(key))}`
}
