import { type Client, ScheduleAlreadyRunning, ScheduleNotFoundError, type ScheduleOptions } from '@temporalio/client'
import { type AuditInput, auditWorkflowId } from '../flows/audit.ts'
import type { ExportInput } from '../flows/memory-file.ts'
import type { Settings } from '../flows/settings.ts'

/** Where the two systems' company lives: a nightly audit runs at its night. */
const TIME_ZONE = 'Europe/Oslo'
/** A machine that was off at night catches up in the morning, once. */
const CATCH_UP = '12 hours'

/**
 * The nightly audit and the export of the memory, as the settings say; a schedule that is there already is brought up to date,
 * but for a pause that somebody gave it, and one that is switched off is deleted. They outlast `stop`: the audit passes over
 * flows that are stopped, and leaves one that was terminated as it is.
 * @returns null, or why they could not be made: what is synchronised does not depend on them
 */
export async function ensureSchedules(client: Client, settings: Settings): Promise<string | null> {
  const { connection, auditAt, exportAt, exportsKept } = settings
  const auditInput: AuditInput = { v: 1, connection, repair: true, reviveFlows: false }
  const exportInput: ExportInput = { v: 1, connection, kept: exportsKept }
  try {
    await ensure(client, settings, {
      id: `${connection}.audit`,
      at: auditAt,
      type: 'audit',
      input: auditInput,
      workflowId: `${auditWorkflowId(connection)}.nightly`,
    })
    await ensure(client, settings, {
      id: `${connection}.export`,
      at: exportAt,
      type: 'memoryExport',
      input: exportInput,
      workflowId: `${connection}.export`,
    })
    return null
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error)
    return `The nightly audit and export could not be scheduled (${why}): let whoever runs the Temporal server allow schedules, then run \`kobling start\` again.`
  }
}

interface Wanted {
  readonly id: string
  /** `HH:MM`; null: it is not wanted. */
  readonly at: string | null
  readonly type: string
  readonly input: AuditInput | ExportInput
  readonly workflowId: string
}

async function ensure(
  client: Client,
  { taskQueue }: Settings,
  { id, at, type, input, workflowId }: Wanted,
): Promise<void> {
  const handle = client.schedule.getHandle(id)
  if (at === null) {
    await handle.delete().catch((error: unknown) => {
      if (!(error instanceof ScheduleNotFoundError)) throw error
    })
    return
  }
  const [hour, minute] = at.split(':').map(Number) as [number, number]
  const wanted = {
    spec: { calendars: [{ hour, minute }], timezone: TIME_ZONE },
    action: { type: 'startWorkflow', workflowType: type, workflowId, taskQueue, args: [input] },
    // One that still runs is not doubled.
    policies: { overlap: 'SKIP', catchupWindow: CATCH_UP },
  } satisfies Omit<ScheduleOptions, 'scheduleId'>
  try {
    await client.schedule.create({ scheduleId: id, ...wanted })
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error
    await handle.update(({ state }) => ({ ...wanted, state }))
  }
}
