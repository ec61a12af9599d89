import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { startScript } from '../../worker/processes/start-script.ts'
import type { FromChild, Question } from './parent.ts'

export interface BenchProcess<Facts> {
  readonly facts: Facts
  readonly pid: number
  ask<T>(name: string, argument?: unknown): Promise<T>
  /** SIGTERM by its own id, SIGKILL after twenty seconds; returns when it is gone. */
  end(): Promise<void>
}

const endGraceMs = 20_000

/** Starts one of the files beside this one as a process of its own, and returns once it says that it is ready. */
export async function startProcess<Facts>(
  file: string,
  options: unknown,
  nodeFlags: readonly string[] = [],
): Promise<BenchProcess<Facts>> {
  const path = fileURLToPath(new URL(file, import.meta.url))
  const child = spawn(process.execPath, [...nodeFlags, startScript, path, JSON.stringify(options)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const kill = () => void child.kill('SIGKILL')
  process.once('exit', kill)
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => {
      process.off('exit', kill)
      resolve()
    })
  })
  const open = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>()
  let lastId = 0
  void ended.then(() => {
    for (const { reject } of open.values()) reject(new Error(`${file} ended before it answered`))
  })
  const facts = await readyFacts<Facts>(child, file)
  child.on('message', (message: FromChild) => {
    if (message.kind === 'ready' || message.id === null) return
    const waiting = open.get(message.id)
    open.delete(message.id)
    if (message.kind === 'answer') waiting?.resolve(message.value as never)
    else waiting?.reject(new Error(message.message))
  })
  return {
    facts,
    pid: child.pid ?? 0,
    ask: (name, argument) =>
      new Promise((resolve, reject) => {
        const question: Question = { id: ++lastId, name, argument }
        open.set(question.id, { resolve, reject })
        child.send(question)
      }),
    end: async () => {
      child.kill('SIGTERM')
      const timer = setTimeout(kill, endGraceMs)
      await ended
      clearTimeout(timer)
    },
  }
}

function readyFacts<Facts>(child: ChildProcess, file: string): Promise<Facts> {
  return new Promise((resolve, reject) => {
    const onMessage = (message: FromChild): void => {
      if (message.kind !== 'ready') return
      child.off('message', onMessage)
      resolve(message.facts as Facts)
    }
    child.on('message', onMessage)
    child.once('error', reject)
    child.once('close', () => reject(new Error(`${file} ended before it was ready`)))
  })
}
