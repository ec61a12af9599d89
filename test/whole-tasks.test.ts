import type { ActivateInput, WorkflowInternalsInterceptor } from '@temporalio/workflow'
import { expect, test } from 'vitest'
import { interceptors } from '../workflows/interceptors/whole-tasks.ts'

type Activation = ActivateInput['activation']
type Job = NonNullable<Activation['jobs']>[number]

const ended: Job = { resolveActivity: { seq: 1, result: { completed: {} } } }
const signal: Job = { signalWorkflow: { signalName: 'word' } }
const question: Job = { queryWorkflow: { queryId: 'legacy_query' } }
const questionOfATask: Job = { queryWorkflow: { queryId: '1' } }
const schedule = { scheduleActivity: { seq: 2 } }

/** What SDK Core tells a workflow: at which event of the history, and whether that was recorded before. */
interface Told {
  readonly at: number
  readonly jobs: readonly Job[]
  readonly isReplaying?: boolean
  /** Default: the event's number. */
  readonly second?: number
  readonly commands?: Parameters<NonNullable<WorkflowInternalsInterceptor['concludeActivation']>>[0]['commands']
}

/** @returns for each of them whether the workflow takes it */
function tell(list: readonly Told[]): boolean[] {
  const [interceptor] = interceptors().internals ?? []
  if (!interceptor?.activate || !interceptor.concludeActivation) throw new Error('it does not look at activations')
  return list.map(({ at, jobs, isReplaying = false, second = at, commands = [] }) => {
    const timestamp = { seconds: second } as unknown as Activation['timestamp']
    const activation: Activation = { historyLength: at, jobs: [...jobs], isReplaying, timestamp: timestamp ?? null }
    try {
      interceptor.activate?.({ activation, batchIndex: 0 }, () => undefined)
    } catch {
      return false
    }
    interceptor.concludeActivation?.({ commands }, (input) => input)
    return true
  })
}

const replayed = { isReplaying: true } as const
const asked = (at: number): Told => ({ at, jobs: [question], isReplaying: true, second: at })

test('tasks of its own, with questions between them, are taken', () => {
  const begun = [
    { at: 3, jobs: [{ initializeWorkflow: {} }], commands: [schedule] },
    { at: 9, jobs: [ended], commands: [schedule] },
  ]
  expect(tell([...begun, asked(9), { at: 15, jobs: [ended], commands: [schedule] }, asked(15)])).not.toContain(false)
})

test('a history that is replayed for a question to its end is taken, and so are the tasks and questions after it', () => {
  const history = [
    { at: 3, jobs: [{ initializeWorkflow: {} }], ...replayed, commands: [schedule] },
    { at: 9, jobs: [ended], ...replayed, commands: [schedule] },
  ]
  const own = [{ at: 15, jobs: [ended], commands: [schedule] }, asked(15), { at: 21, jobs: [ended] }, asked(21)]
  expect(tell([...history, asked(9), ...own])).not.toContain(false)
})

test('events that no task has taken up are refused', () => {
  const history = [{ at: 3, jobs: [{ initializeWorkflow: {} }], ...replayed }]
  expect(tell([...history, { at: 6, jobs: [ended], second: 3 }])).toEqual([true, false])
})

test('a question after a task that begins where the replay ends is refused: it may be another worker’s that is never answered', () => {
  const history = [{ at: 3, jobs: [{ initializeWorkflow: {} }], ...replayed, commands: [schedule] }]
  expect(tell([...history, { at: 9, jobs: [ended], commands: [schedule] }, asked(9)])).toEqual([true, true, false])
})

test('a question that comes along with such a task is taken', () => {
  const history = [{ at: 3, jobs: [{ initializeWorkflow: {} }], ...replayed, commands: [schedule] }]
  const own = [
    { at: 9, jobs: [ended], commands: [schedule] },
    { at: 9, jobs: [questionOfATask], ...replayed },
  ]
  expect(tell([...history, ...own])).not.toContain(false)
})

test('a task whose history is too short for the commands before it is refused: nobody has recorded them', () => {
  const known = [{ at: 3, jobs: [{ initializeWorkflow: {} }], ...replayed, commands: [schedule] }, asked(3)]
  const lost = { at: 9, jobs: [ended], commands: [schedule] }
  // Timed out, told of, scheduled, started; where the lost task had been answered, its command stands there as well.
  expect(tell([...known, lost, asked(9), { at: 13, jobs: [signal] }])).toEqual([true, true, true, true, false])
  expect(tell([...known, lost, asked(9), { at: 14, jobs: [signal] }])).not.toContain(false)
})

test('a timer that is taken back at once leaves no event, and none is missed', () => {
  const own = [
    { at: 3, jobs: [{ initializeWorkflow: {} }], commands: [{ startTimer: { seq: 1 } }, { cancelTimer: { seq: 1 } }] },
    { at: 7, jobs: [signal] },
  ]
  expect(tell(own)).not.toContain(false)
})

test('what was replayed may be as short as it likes', () => {
  const history = [
    { at: 3, jobs: [{ initializeWorkflow: {} }], ...replayed, commands: [schedule, schedule] },
    { at: 7, jobs: [signal], ...replayed },
  ]
  expect(tell(history)).not.toContain(false)
})
