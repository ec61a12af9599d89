import type { SandboxState } from '../sandbox-state.ts'
import type { DeliveryAddressDto } from './dto.ts'

/** Oldest first. */
export function deliveryAddressesOf(state: SandboxState, contactId: number): readonly DeliveryAddressDto[] {
  return state.deliveryAddresses.all({ sql: 'contactId = ?', values: [contactId] })
}

/** The one that new orders inherit; null when the contact has none. */
export function primaryDeliveryAddress(state: SandboxState, contactId: number): DeliveryAddressDto | null {
  return state.deliveryAddresses.find({ sql: 'contactId = ? AND isPrimary = 1', values: [contactId] })
}

/** They go with their contact. */
export function removeDeliveryAddresses(state: SandboxState, contactId: number): void {
  for (const address of deliveryAddressesOf(state, contactId)) state.deliveryAddresses.remove(address.Id)
}
