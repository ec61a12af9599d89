import { expect, test } from 'vitest'
import { superviseServer } from '../chaos/supervised-server.ts'

/** Servers without processes. */
function fakeServers() {
  const started: { end: () => void; isUp: boolean }[] = []
  const start = async () => {
    let end = (): void => undefined
    const server = { end: () => end(), isUp: true }
    const ended = new Promise<void>((resolve) => {
      end = () => {
        server.isUp = false
        resolve()
      }
    })
    started.push(server)
    return { address: '127.0.0.1:1', ended, kill: () => end(), stop: async () => end() }
  }
  return { started, start, up: () => started.filter(({ isUp }) => isUp).length }
}

test('a server that ends by itself is started again, and somebody is told', async () => {
  const { started, start, up } = fakeServers()
  const said: string[] = []
  const server = await superviseServer(start, (words) => said.push(words))
  started[0]?.end()
  await expect.poll(() => started.length).toBe(2)
  started[1]?.end()
  await expect.poll(() => started.length).toBe(3)
  expect(up()).toBe(1)
  expect(said).toHaveLength(2)
  await server.end()
  expect(up()).toBe(0)
})

test('a server that is killed is replaced by one, again and again, and nobody is told', async () => {
  const { started, start, up } = fakeServers()
  const said: string[] = []
  const server = await superviseServer(start, (words) => said.push(words))
  await server.kill()
  await server.kill()
  expect(started).toHaveLength(3)
  expect(up()).toBe(1)
  started[2]?.end()
  await expect.poll(() => started.length).toBe(4)
  expect(said).toHaveLength(1)
  await server.end()
})

test('a server that is ended is not started again', async () => {
  const { started, start, up } = fakeServers()
  const server = await superviseServer(start, () => undefined)
  await server.end()
  expect(started).toHaveLength(1)
  expect(up()).toBe(0)
})
