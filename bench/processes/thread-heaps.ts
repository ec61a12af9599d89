import { Session } from 'node:inspector/promises'

export interface MemoryReport {
  readonly rssBytes: number
  /** Live heap of the process's main thread. */
  readonly mainHeapBytes: number
  /** Live heap of its other threads: the workflows'. */
  readonly threadHeapBytes: number
}

/**
 * What the process holds after a full collection in every thread. Workflows run in a thread of their own, whose heap
 * `process.memoryUsage()` does not show; the inspector does.
 */
export async function measureMemory(): Promise<MemoryReport> {
  const session = new Session()
  session.connect()
  try {
    const threadHeapBytes = await threadHeaps(session)
    await session.post('HeapProfiler.collectGarbage')
    return { rssBytes: process.memoryUsage.rss(), mainHeapBytes: process.memoryUsage().heapUsed, threadHeapBytes }
  } finally {
    session.disconnect()
  }
}

async function threadHeaps(session: Session): Promise<number> {
  const sessions: string[] = []
  const answers = new Map<string, (result: { usedSize?: number }) => void>()
  session.on('NodeWorker.attachedToWorker', ({ params }) => sessions.push(params.sessionId))
  session.on('NodeWorker.receivedMessageFromWorker', ({ params }) => {
    const { id, result } = JSON.parse(params.message) as { id: number; result?: { usedSize?: number } }
    answers.get(`${params.sessionId}/${id}`)?.(result ?? {})
  })
  await session.post('NodeWorker.enable', { waitForDebuggerOnStart: false })
  let id = 0
  const askThread = async (sessionId: string, method: string): Promise<{ usedSize?: number }> => {
    id += 1
    const message = JSON.stringify({ id, method })
    const answer = new Promise<{ usedSize?: number }>((resolve) => answers.set(`${sessionId}/${id}`, resolve))
    await session.post('NodeWorker.sendMessageToWorker', { sessionId, message })
    return answer
  }
  let total = 0
  for (const sessionId of sessions) {
    await askThread(sessionId, 'HeapProfiler.collectGarbage')
    total += (await askThread(sessionId, 'Runtime.getHeapUsage')).usedSize ?? 0
  }
  await session.post('NodeWorker.disable')
  return total
}
