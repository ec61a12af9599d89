import { customerSeries } from '../number-series.ts'
import { Problem } from '../problem.ts'
import type { SandboxState } from '../sandbox-state.ts'
import { isJsonObject, type JsonObject, readDto } from '../schema.ts'
import { completeDto, newCustomer, withHiddenNationalId } from './create.ts'
import type { CustomerDto } from './dto.ts'
import { freeNumber } from './number.ts'

export interface InsertedCustomer {
  readonly Id: number
  readonly Number: number | null
}

/**
 * Many customers in one transaction, as if they had always been there. Property names and types are checked, the rules are not:
 * a company's old data breaks them too. Takes CustomerPostDto and IsActive. Without an e-mail they get Print.
 * Numbers overflow into the next series, so that more than ten thousand fit.
 */
export function insertCustomers(state: SandboxState, list: readonly unknown[]): readonly InsertedCustomer[] {
  const switches = state.settings.current()
  return state.database.transaction(() => {
    const takeNumber = numberTaker(state)
    const sharedTick = switches.equalTimestamps === 'on' ? state.clock.next() : null
    return list.map((entry) => {
      if (!isJsonObject(entry)) throw new Problem(400, 'Customer validation error(s)', 'Each entry must be an object.')
      const { IsActive: isActive, ...rest } = entry
      const sent = readDto(rest, 'CustomerPostDto', switches)
      const hasEmail = Boolean(sent.EmailAddress) || Boolean(sent.InvoiceEmailAddress)
      const customer = newCustomer(
        state,
        {
          ...sent,
          PaymentTermId: 1,
          PaymentTerm: 14,
          Number: sent.Number ?? takeNumber(),
          InvoiceDeliveryType: sent.InvoiceDeliveryType ?? (hasEmail ? 'PdfByEmail' : 'Print'),
        },
        sharedTick ?? state.clock.next(),
      )
      const stored = withHiddenNationalId(isActive === false ? inactive(customer) : customer)
      state.customers.save(stored, { lateMs: switches.lateVisibility })
      return { Id: stored.Id, Number: stored.Number }
    })
  })
}

function inactive(customer: CustomerDto): CustomerDto {
  const properties: JsonObject = { ...customer, IsActive: false }
  return completeDto(properties)
}

function numberTaker(state: SandboxState): () => number {
  // A series once full stays full within the transaction, and asking costs a count each time.
  const open = [...customerSeries(state.series())]
  return () => {
    for (let series = open[0]; series; open.shift(), series = open[0]) {
      const number = freeNumber(state, series)
      if (number !== null) return number
    }
    throw new Problem(409, 'Customer validation error(s)', 'All customer number series are full.')
  }
}
