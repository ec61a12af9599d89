import type { Clock } from './clock.ts'
import type { CustomerDto } from './customers/dto.ts'
import type { SandboxDatabase } from './database.ts'
import type { EntityStore } from './entity-store.ts'
import type { NumberSeries } from './number-series.ts'
import type { Settings } from './settings.ts'

/** What handlers work on. An entity adds its store here. */
export interface SandboxState {
  readonly settings: Settings
  readonly clock: Clock
  readonly database: SandboxDatabase
  readonly customers: EntityStore<CustomerDto>
  readonly series: () => readonly NumberSeries[]
}
