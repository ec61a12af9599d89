import type { ServerResponse } from 'node:http'
import type { FaultPlan, FiredFault, RequestFault } from '../faults/fault-plan.ts'
import { type FaultKind, faultKinds, webhookKinds } from '../faults/fault-schema.ts'
import { hang, pauseUnlessClosing, resetConnection } from '../faults/wire.ts'
import { emptyListAnswer, faultAnswer, isAnswering } from './fault-answer.ts'
import { type Answer, Problem } from './problem.ts'
import type { AddressedRecord } from './record-at.ts'
import type { Switches } from './settings.ts'

/** PowerOffice announces nothing, and is not closed for maintenance but answers 503 (`status`). */
export const powerOfficeFaultKinds: readonly FaultKind[] = faultKinds.filter(
  (kind) => kind !== 'maintenance' && !webhookKinds.some((webhookKind) => webhookKind === kind),
)

/** What a fault needs of the request that it hits. */
export interface FaultedRequest {
  readonly method: string
  readonly outgoing: ServerResponse
  readonly switches: Switches
  readonly closing: AbortSignal
  /** Does what was asked for. */
  handled(): Promise<Answer>
  /** Every token given so far stops working. */
  revokeTokens(): void
  record(): AddressedRecord | null
}

/** @returns `reset` and `hang` where the connection has ended without an answer */
export async function applyFault(
  fault: RequestFault,
  request: FaultedRequest,
  faults: FaultPlan,
): Promise<Answer | 'reset' | 'hang'> {
  const { kind } = fault
  const { outgoing, handled } = request
  if (isAnswering(kind)) {
    // A cut answer needs one to cut; reading changes nothing, so a GET is asked even "before".
    const takesEffect = fault.when === 'after' || (kind === 'truncated' && request.method === 'GET')
    return faultAnswer(fault, kind, takesEffect ? await handled() : null, request.switches)
  }
  switch (kind) {
    case 'reset':
    case 'hang':
      if (fault.when === 'after') await handled()
      if (kind === 'reset') resetConnection(outgoing)
      else await hang(fault, outgoing)
      if (fault.when === 'late') {
        await pauseUnlessClosing(fault.delayMs, request.closing)
        await handled()
      }
      return kind
    case 'latency': {
      if (fault.when === 'before') await pauseUnlessClosing(fault.delayMs, request.closing)
      if (request.closing.aborted) return 'reset'
      const answer = await handled()
      if (fault.when === 'after') await pauseUnlessClosing(fault.delayMs, request.closing)
      return answer
    }
    case 'emptyList':
      return emptyListAnswer(fault)
    case 'contentType':
      return { ...(await handled()), contentType: fault.contentType ?? 'text/plain; charset=utf-8' }
    case 'drip':
      return { ...(await handled()), delivery: fault }
    case 'tokenRevoked':
      request.revokeTokens()
      return handled()
    case 'outOfBandEdit':
      editByAnother(fault, request, faults)
      return handled()
    case 'maintenance':
      throw new Error(`The PowerOffice sandbox plans no ${kind}`)
  }
}

function editByAnother(fault: FiredFault, request: FaultedRequest, faults: FaultPlan): void {
  try {
    request.record()?.edit({ ...fault.edited })
  } catch (failure) {
    if (!(failure instanceof Problem)) throw failure
    faults.withdraw(fault) // the rules refused the other writer
  }
}
