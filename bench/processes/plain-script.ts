import type { RequestContext } from '../../activities/connector.ts'
import { writeFields } from '../../activities/mapping/write-fields.ts'
import { toSideState } from '../../activities/reading/side-state.ts'
import { customers as definition } from '../../flows/customers.ts'
import { createSystems } from '../../worker/systems.ts'
import { type SettingsOptions, settingsOf } from './bench-settings.ts'
import { answerParent, processOptions } from './parent.ts'

export interface PlainScriptOptions extends SettingsOptions {
  /** Requests under way at once: as many as the engine has. */
  readonly inFlight: number
}

export interface PlainScriptResult {
  readonly tookMs: number
  readonly created: number
}

/**
 * What somebody would write who needs the copy once: list PowerOffice, map, POST, with the engine's own connectors and
 * mapping. No matching, no memory, no crash that it survives.
 */
async function copyCustomers(options: PlainScriptOptions): Promise<PlainScriptResult> {
  const systems = createSystems(settingsOf(options))
  const erp = systems.erp.collection('customers')
  const shop = systems.shop.collection('customers')
  const context: RequestContext = { signal: new AbortController().signal, priority: 'backfill' }
  const fields = definition.fields.filter((field) => field.direction !== 'toErp').map((field) => field.name)

  const began = performance.now()
  const records = await erp.listAll(context)
  let next = 0
  let created = 0
  async function work(): Promise<void> {
    for (let record = records[next++]; record; record = records[next++]) {
      const state = toSideState(definition, systems.erp, record)
      if (state.kind !== 'present' || !state.reading.content) continue
      const counterpart = { id: state.reading.id, creation: 1 }
      const { values } = writeFields(definition, 'shop', state.reading.content, fields)
      const answer = await shop.create(shop.prepareCreate(values, counterpart).body, counterpart, context)
      if (answer.kind === 'done') created += 1
    }
  }
  await Promise.all(Array.from({ length: options.inFlight }, work))
  return { tookMs: performance.now() - began, created }
}

const options = processOptions<PlainScriptOptions>()
answerParent({}, { run: () => copyCustomers(options) }, () => Promise.resolve())
