import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

export interface Listener {
  readonly pid: number
  /** As `127.0.0.1` or `::1`; `0.0.0.0` and `::` are all addresses of the machine. */
  readonly address: string
  readonly port: number
}

/** Linux's state of a socket that waits for connections, in /proc/net/tcp. */
const LISTEN = '0A'

/** The TCP sockets on which these processes wait for connections, from Linux's /proc. */
export function listenersOf(pids: readonly number[]): Listener[] {
  const byInode = new Map(
    ['tcp', 'tcp6'].flatMap((table) => listeningIn(`/proc/net/${table}`)).map((socket) => [socket.inode, socket]),
  )
  return pids.flatMap((pid) =>
    socketsOf(pid).flatMap((inode) => {
      const socket = byInode.get(inode)
      return socket === undefined ? [] : [{ pid, address: socket.address, port: socket.port }]
    }),
  )
}

export function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '::1' || address.startsWith('::ffff:127.')
}

/** Every process that this one started, and theirs. */
export function descendantsOf(pid: number): number[] {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const parent = parentOf(Number(name))
      return parent === null ? [] : [[Number(name), parent] as const]
    })
  const found = [pid]
  for (const one of found) for (const [child, parent] of parents) if (parent === one) found.push(child)
  return found
}

function parentOf(pid: number): number | null {
  try {
    // The name in brackets may hold anything; what follows the last bracket is state and parent.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
  } catch {
    return null
  }
}

function socketsOf(pid: number): string[] {
  return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1]
      return inode === undefined ? [] : [inode]
    } catch {
      return []
    }
  })
}

function listeningIn(table: string): { inode: string; address: string; port: number }[] {
  const [, ...lines] = readFileSync(table, 'utf8').trim().split('\n')
  return lines.flatMap((line) => {
    const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/)
    if (state !== LISTEN) return []
    const [address = '', port = '0'] = local.split(':')
    return [{ inode, address: spelt(address), port: Number.parseInt(port, 16) }]
  })
}

/** The table has words of four bytes in the machine's order: little-endian wherever this runs. */
function spelt(hex: string): string {
  const bytes = hex.match(/.{8}/g)?.flatMap((word) => [...Buffer.from(word, 'hex').reverse()]) ?? []
  if (bytes.length === 4) return bytes.join('.')
  const isMapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff
  if (isMapped) return `::ffff:${bytes.slice(12).join('.')}`
  const text = Buffer.from(bytes).toString('hex')
  if (/^0{32}$/.test(text)) return '::'
  return /^0{31}1$/.test(text) ? '::1' : text
}
