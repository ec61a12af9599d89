import { type Client, QueryRejectedError, WorkflowNotFoundError } from '@temporalio/client'
import { type Directory, flowWorkflowId } from '../flows/directory.ts'
import type { FlowAddress } from '../flows/port.ts'
import type { RecordKey } from '../flows/side.ts'
import { isTransient } from './memory/ask-leaf.ts'
import { pause } from './pause.ts'
import { VendorTrouble } from './vendor-trouble.ts'

/** What activities of one flow may ask and tell another flow of the same connection (E22, E23). */
export interface OtherFlows {
  /** Its memory's leaves; null: nobody ever started that flow, so nothing is linked there. @throws VendorTrouble when it was closed */
  directoryOf(address: FlowAddress, signal: AbortSignal): Promise<Directory | null>
  /** What it decides or applies at this moment; nothing where nobody ever started it. @throws VendorTrouble when it was closed */
  inHandOf(address: FlowAddress, signal: AbortSignal): Promise<ReadonlySet<RecordKey>>
  /** Has it look at these records; a flow that does not run finds them by itself when it is started. */
  lookAgain(address: FlowAddress, keys: readonly RecordKey[], why: string): Promise<void>
  /** Registers that `ask` of the flow `by` waits for `key` to be linked; false: that flow does not run. */
  awaitLinks(
    address: FlowAddress,
    by: FlowAddress,
    waits: readonly { readonly key: RecordKey; readonly ask: RecordKey }[],
  ): Promise<boolean>
  /** `ended`: its first load is over. `waiting`: it goes on or will. `absent`: nobody runs it. */
  firstLoadOf(address: FlowAddress): Promise<'ended' | 'waiting' | 'absent'>
}

/** Leaves that were split off since are followed by the memory's own answers, so the list may be this old (E7). */
const DIRECTORY_FOR_MS = 30_000
/** A flow that is not there may be started any moment. */
const ABSENCE_FOR_MS = 1_000
const KEYS_PER_SIGNAL = 500
/** An update that met a flow while it continued as new is sent again; what is wrong for longer is for the activity's next attempt. */
const UPDATE_TRIES = 4
/** A flow that is replayed by a busy worker, after another has died, answers within seconds: asked for about as long as a leaf (ask-leaf.ts). */
const QUERY_TRIES = 20
const PAUSE_MS = 250
const LONGEST_PAUSE_MS = 1_000

export function createOtherFlows(client: Client): OtherFlows {
  const directories = new Map<string, { readonly until: number; readonly directory: Promise<Directory | null> }>()
  const handleOf = (address: FlowAddress) => client.workflow.getHandle(flowWorkflowId(address.connection, address.flow))

  return {
    directoryOf: async (address, signal) => {
      const name = flowWorkflowId(address.connection, address.flow)
      const known = directories.get(name)
      if (known && known.until > performance.now()) return known.directory
      const asked = askDirectory(address, signal)
      directories.set(name, { until: performance.now() + ABSENCE_FOR_MS, directory: asked })
      const directory = await asked.catch((error: unknown) => {
        directories.delete(name)
        throw error
      })
      if (directory !== null)
        directories.set(name, { until: performance.now() + DIRECTORY_FOR_MS, directory: Promise.resolve(directory) })
      return directory
    },
    inHandOf: async (address, signal) => new Set(await ask<readonly RecordKey[]>(address, 'inHand', signal)),
    lookAgain: async (address, keys, why) => {
      const unique = [...new Set(keys)]
      for (let from = 0; from < unique.length; from += KEYS_PER_SIGNAL)
        await ignoringAbsence(() =>
          handleOf(address).signal('changed', { keys: unique.slice(from, from + KEYS_PER_SIGNAL), why }),
        )
    },
    awaitLinks: async (address, by, waits) => {
      if (waits.length === 0) return true
      const name = flowWorkflowId(by.connection, by.flow)
      return ignoringAbsence(() =>
        patiently(
          () => handleOf(address).executeUpdate('awaitLink', { args: [waits.map((wait) => ({ ...wait, by: name }))] }),
          UPDATE_TRIES,
        ),
      )
    },
    firstLoadOf: async (address) => {
      try {
        const status = await handleOf(address).query<{
          readonly phase: string
          readonly load: { readonly endedAt: number | null } | null
        }>('status')
        if (status.phase === 'stopped') return 'absent'
        return status.load !== null && status.load.endedAt !== null ? 'ended' : 'waiting'
      } catch (error) {
        if (isAbsence(error)) return 'absent'
        throw error
      }
    },
  }

  async function askDirectory(address: FlowAddress, signal: AbortSignal): Promise<Directory | null> {
    const directory = await ask<Directory>(address, 'directory', signal)
    // A flow that has not started its memory yet has linked nothing.
    return directory === null || directory.shards.length === 0 ? null : directory
  }

  /** null: nobody ever started that flow. */
  async function ask<T>(address: FlowAddress, query: string, signal: AbortSignal): Promise<T | null> {
    try {
      return await patiently(
        () => client.withAbortSignal(signal, () => handleOf(address).query<T>(query)),
        QUERY_TRIES,
        signal,
      )
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return null
      // No answer is never read as "no link" (E6).
      if (error instanceof QueryRejectedError)
        throw new VendorTrouble({
          type: 'MemoryUnavailable',
          where: 'memory',
          message: `The flow ${address.flow} was ended, so its links cannot be read: run kobling check --repair, or kobling start ${address.flow}.`,
        })
      signal.throwIfAborted()
      if (!isTransient(error)) throw error
      throw new VendorTrouble(
        {
          type: 'MemoryUnavailable',
          where: 'memory',
          message: `The flow ${address.flow} does not answer, so its links cannot be read; work goes on by itself once it does: if it stays so, run kobling check --repair.`,
        },
        { cause: error },
      )
    }
  }
}

/** Asks again while the other flow is merely busy: continuing as new, or between two workers. */
async function patiently<T>(
  ask: () => Promise<T>,
  tries: number,
  signal: AbortSignal = new AbortController().signal,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask()
    } catch (error) {
      if (signal.aborted || isAbsence(error) || !isTransient(error) || attempt === tries) throw error
    }
    await pause(Math.min(LONGEST_PAUSE_MS, PAUSE_MS * attempt), signal)
  }
}

async function ignoringAbsence(call: () => Promise<unknown>): Promise<boolean> {
  try {
    await call()
    return true
  } catch (error) {
    if (isAbsence(error)) return false
    throw error
  }
}

function isAbsence(error: unknown): boolean {
  return error instanceof WorkflowNotFoundError || error instanceof QueryRejectedError
}
