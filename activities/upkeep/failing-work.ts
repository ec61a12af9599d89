import type proto from '@temporalio/proto'

type PendingActivity = proto.temporal.api.workflow.v1.IPendingActivityInfo

/** A worker that died leaves one failed attempt behind; work that failed more often will hardly mend by itself. */
const HOPELESS_FROM = 4

/** Work of a workflow that fails again and again and is repeated: its name, how often, and why. null: none. */
export function failingWork(pending: readonly PendingActivity[]): string | null {
  for (const { activityType, attempt, lastFailure } of pending) {
    if (lastFailure?.message == null || (attempt ?? 0) < HOPELESS_FROM) continue
    const why = plainText(lastFailure.message).slice(0, 300)
    return `${activityType?.name ?? 'work'} fails again and again (attempt ${attempt}): ${why}`
  }
  return null
}

/** One line for a terminal: a failure may quote line breaks, or escape sequences that would move the cursor. */
export function plainText(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ').trim()
}
