/** How a bench process speaks with the run that started it: one `ready`, then questions and answers over Node's own channel. */

export type Handlers = Readonly<Record<string, (argument: never) => unknown>>

export interface Question {
  readonly id: number
  readonly name: string
  readonly argument: unknown
}

export type FromChild =
  | { readonly kind: 'ready'; readonly facts: unknown }
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failure'; readonly id: number | null; readonly message: string }

/** The one argument of the process, as the run passed it. */
export function processOptions<T>(): T {
  return JSON.parse(process.argv[2] ?? '{}') as T
}

/** Says `ready` with facts, then answers questions by name. Ends with the run, however that ends. */
export function answerParent(facts: unknown, handlers: Handlers, close: () => Promise<void>): void {
  const end = (): void => {
    close().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  process.on('disconnect', end)
  process.on('SIGTERM', end)
  process.on('message', (question: Question) => void answer(question, handlers))
  tell({ kind: 'ready', facts })
}

async function answer({ id, name, argument }: Question, handlers: Handlers): Promise<void> {
  try {
    const handler = handlers[name]
    if (!handler) throw new Error(`there is no question ${name}`)
    tell({ kind: 'answer', id, value: await handler(argument as never) })
  } catch (error) {
    tell({ kind: 'failure', id, message: error instanceof Error ? (error.stack ?? error.message) : String(error) })
  }
}

function tell(message: FromChild): void {
  process.send?.(message)
}
