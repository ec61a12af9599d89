/** The default branch of an exhaustive switch: a new kind fails to compile at every place that must think about it. */
export function unreachable(value: never): never {
  throw new Error(`a case that the types rule out was reached: ${JSON.stringify(value)}`)
}
