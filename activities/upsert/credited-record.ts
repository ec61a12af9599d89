import Big from 'big.js'
import type { CreateDecision } from '../../flows/decision.ts'
import type { Side } from '../../flows/side.ts'
import type { Credited, ParsedRecord } from '../connector.ts'
import { readWholeRecord } from '../live/fetch-lists.ts'
import { nameOfSide } from '../reading/side-state.ts'
import { seenAgain } from './apply-park.ts'
import type { Chunk, Done } from './chunk.ts'
import { idsOf } from './creation.ts'

type Whole = ParsedRecord & { readonly kind: 'record' }

export interface CreditedRead extends Credited {
  readonly id: string
  /** It has no invoice yet and may still get one: the refund waits for it. */
  readonly isAwaited: boolean
}

/** What a refund takes back, as its own side shows it now; null: it is no refund, or names nothing. */
export async function readCredited(chunk: Chunk, side: Side, record: Whole): Promise<CreditedRead | null> {
  const { credits, totals } = record
  // One that sums to something is an order like others, whatever it names.
  if (credits === undefined || (totals !== undefined && Big(totals.gross).gte(0))) return null
  const named = await readWholeRecord(chunk.request, side, credits)
  const invoice = named.kind === 'record' ? named.invoice : undefined
  return { id: credits, invoiceNumber: invoice?.number ?? null, isAwaited: invoice?.isExpected === true }
}

/** Nobody tells of an invoice: the refund is looked at again after 1, 2, 4 seconds and so on up to an hour (E23). */
export function waitForInvoice(chunk: Chunk, decision: CreateDecision, label: string, { id }: CreditedRead): Done {
  const { side, id: own, seen } = decision.from
  const detail = `Waits for the invoice of ${chunk.definition.recordName} ${id} of ${nameOfSide(side)}, which it takes back.`
  return {
    outcome: { kind: 'parked', ...idsOf(decision), parked: { reason: 'waiting', side, label, detail } },
    puts: [seenAgain(chunk, decision.rows, { side, id: own, seen, reason: 'waiting', others: [] })],
  }
}
