import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { findFreePort, isPortBusy } from '../worker/processes/busy-port.ts'

const systemsBeginAt = 32_768

test('a free port can be listened on, and is never one that the system may give to an outgoing connection meanwhile', async () => {
  for (let count = 0; count < 200; count += 1) {
    const port = await findFreePort()
    expect(port).toBeGreaterThan(1_024)
    expect(port).toBeLessThan(systemsBeginAt)
  }
  const server = createServer()
  const port = await findFreePort()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  expect(await isPortBusy(port)).toBe(true)
  await new Promise((resolve) => server.close(resolve))
})
