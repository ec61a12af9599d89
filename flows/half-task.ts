/**
 * What a workflow answers that was asked while its last events were not yet a whole workflow task
 * (workflows/interceptors/whole-tasks.ts). Nothing is wrong with it: ask again.
 */
export const HALF_TASK = 'asked in the middle of a workflow task'

/** Whether an error, or one of its causes, says so. */
export function isHalfTask(error: unknown): boolean {
  return error instanceof Error && (error.message.includes(HALF_TASK) || isHalfTask(error.cause))
}
