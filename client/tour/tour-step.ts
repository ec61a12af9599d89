import type { Settings } from '../../flows/settings.ts'
import type { CommandContext } from '../command-context.ts'
import type { PowerOfficeCall } from '../console/systems/power-office-call.ts'
import type { SystemRecord, SystemRecords } from '../console/systems/system-records.ts'
import type { FlowDesk } from '../flow-desk.ts'

/** Everything a step may use. What it prints is what a person could have typed, and what came of it. */
export interface TourWorld {
  readonly context: CommandContext
  readonly settings: Settings
  /** Of the customers, which most steps edit. */
  readonly desk: FlowDesk
  /** Requests to PowerOffice. */
  readonly call: PowerOfficeCall
  readonly erp: SystemRecords
  readonly shop: SystemRecords & { create(json: Readonly<Record<string, unknown>>): Promise<SystemRecord> }
  /** A linked pair that both sides show alike; every step of edits uses it. */
  readonly pair: { readonly erpId: string; readonly shopId: string; readonly label: string }
  /** Different for each tour, so that every edit is one. Seven digits. */
  readonly stamp: string
  /** A command that a person could run. */
  command(line: string): void
  /** The command that gives a person $TOKEN for PowerOffice; printed once. */
  token(): void
  /** What changed, and where. */
  saw(line: string): void
  /** Where to look. */
  link(url: string): void
}

export interface TourStep {
  readonly name: string
  /** Throws CommandFailure when something that it claims did not happen. */
  readonly run: (world: TourWorld) => Promise<void>
}
