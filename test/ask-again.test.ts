import { ServiceError, type WorkflowStartUpdateInput } from '@temporalio/client'
import { expect, test } from 'vitest'
import { askAgain } from '../worker/ask-again.ts'

/** As the server (1.31) and the client (1.24) say it. */
function turnedAway(): ServiceError {
  const details = 'Unable to perform workflow execution update due to unexpected workflow task failure.'
  return new ServiceError('Workflow Update failed', { cause: new Error(`9 FAILED_PRECONDITION: ${details}`) })
}

const input = { updateName: 'resume' } as WorkflowStartUpdateInput

test('an update that was turned away because its workflow task failed is asked for again', async () => {
  const asked: WorkflowStartUpdateInput[] = []
  const answer = await askAgain.startUpdate?.(input, async (again) => {
    asked.push(again)
    if (asked.length < 3) throw turnedAway()
    return { updateId: 'u-1', workflowRunId: 'r-1' }
  })
  expect(answer).toEqual({ updateId: 'u-1', workflowRunId: 'r-1' })
  expect(asked).toEqual([input, input, input])
})

test('an update that fails in another way is not', async () => {
  let times = 0
  const refused = askAgain.startUpdate?.(input, async () => {
    times += 1
    throw new ServiceError('Workflow Update failed', { cause: new Error('7 PERMISSION_DENIED') })
  })
  await expect(refused).rejects.toThrow('Workflow Update failed')
  expect(times).toBe(1)
})
