import { CancelledFailure } from '@temporalio/common'
import { Attempt } from './attempt.ts'
import { currentOwner } from './virtual-time.ts'

/** As much of `@temporalio/activity` as activities use; which attempt asks is told by whose code runs. */
export const activitySdk = {
  Context: {
    current: () => {
      const attempt = current()
      return {
        info: { attempt: attempt.number, activityId: attempt.task.id },
        cancellationSignal: attempt.controller.signal,
        heartbeat: () => {
          if (attempt.isWanted()) attempt.beat()
          else if (!attempt.controller.signal.aborted)
            attempt.controller.abort(new CancelledFailure('the server knows this attempt no more'))
        },
      }
    },
  },
}

function current(): Attempt {
  const owner = currentOwner()
  if (!(owner instanceof Attempt)) throw new Error('this is called outside an activity')
  return owner
}
