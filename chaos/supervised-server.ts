import type { RunningServer } from '../worker/temporal-server/start-server.ts'

/** A server that is started again whenever it ends, as an operator's service manager does. */
export interface SupervisedServer {
  readonly address: string
  /** kill -9, and returns when the one in its place answers. */
  kill(): Promise<void>
  end(): Promise<void>
}

/** @param say hears of every end that nobody asked for */
export async function superviseServer(
  start: () => Promise<Pick<RunningServer, 'address' | 'ended' | 'kill' | 'stop'>>,
  say: (words: string) => void,
): Promise<SupervisedServer> {
  let hasEnded = false
  let present = await start()
  let answering = Promise.resolve()
  lookAfter(present)
  return {
    address: present.address,
    kill: async () => {
      await answering
      const killed = present
      answering = startNext(killed.ended)
      killed.kill()
      await answering
    },
    end: async () => {
      hasEnded = true
      await answering.catch(() => undefined)
      await present.stop()
    },
  }

  function lookAfter(server: typeof present): void {
    const before = answering
    void server.ended.then(() => {
      // Killed by us: whoever did it starts the next one.
      if (hasEnded || answering !== before) return
      say('the Temporal server ended by itself, and is started again')
      answering = startNext(server.ended)
      // Whoever waits for it hears of its failure.
      answering.catch(() => undefined)
    })
  }

  async function startNext(ended: Promise<void>): Promise<void> {
    await ended
    present = await start()
    lookAfter(present)
  }
}
