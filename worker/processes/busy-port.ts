import { randomInt } from 'node:crypto'
import { readdir, readFile, readlink } from 'node:fs/promises'
import { createServer } from 'node:net'
import { commandLineOf } from './command-line.ts'

/** True when something already listens on the port of 127.0.0.1 or on all addresses. */
export function isPortBusy(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(true)
      else reject(error)
    })
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => resolve(false)))
  })
}

/**
 * Below those that systems give to outgoing connections (from 32768 on Linux, 49152 elsewhere): one of these may be taken by any
 * request that somebody sends before the port is listened on, and a server that was killed may not get its own again.
 */
const freePortsFrom = 20_000
const freePortsTo = 32_000
const mostTries = 100

/**
 * A port that was free a moment ago.
 * @throws Error when a hundred in a row are taken
 */
export async function findFreePort(): Promise<number> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const port = randomInt(freePortsFrom, freePortsTo)
    if (!(await isPortBusy(port))) return port
  }
  throw new Error(`No free port was found between ${freePortsFrom} and ${freePortsTo}.`)
}

/** One sentence for a port that somebody else holds, naming that process where the system tells. */
export async function busyPortSentence(use: { port: number; purpose: string; setting: string }): Promise<string> {
  const pid = await findListener(use.port)
  const command = pid === undefined ? undefined : await commandLineOf(pid)
  const holder = pid === undefined ? 'another process' : `process ${pid}${command ? ` (${shortened(command)})` : ''}`
  return `Port ${use.port} for ${use.purpose} is taken by ${holder}: end that process, or set ${use.setting} to a free port.`
}

/** Linux only, from /proc; elsewhere, and for other users' processes, `undefined`. */
export async function findListener(port: number): Promise<number | undefined> {
  const inodes = await listeningInodes(port)
  if (inodes.size === 0) return undefined
  for (const entry of await readdir('/proc').catch(() => [])) {
    if (!/^\d+$/.test(entry)) continue
    for (const fd of await readdir(`/proc/${entry}/fd`).catch(() => [])) {
      const target = await readlink(`/proc/${entry}/fd/${fd}`).catch(() => '')
      const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1]
      if (inode !== undefined && inodes.has(inode)) return Number(entry)
    }
  }
  return undefined
}

async function listeningInodes(port: number): Promise<Set<string>> {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0')
  const listenState = '0A'
  const inodes = new Set<string>()
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    const text = await readFile(table, 'utf8').catch(() => '')
    for (const line of text.split('\n').slice(1)) {
      const [, local, , state, , , , , , inode] = line.trim().split(/\s+/)
      if (state === listenState && local?.endsWith(`:${wanted}`) && inode !== undefined) inodes.add(inode)
    }
  }
  return inodes
}

function shortened(text: string): string {
  return text.length <= 80 ? text : `${text.slice(0, 77)}...`
}
