import { type FaultKind, faultKinds } from '../faults/fault-schema.ts'

/** A shop's keys do not expire; everything else can go wrong. */
export const webshopFaultKinds: readonly FaultKind[] = faultKinds.filter((kind) => kind !== 'tokenRevoked')
