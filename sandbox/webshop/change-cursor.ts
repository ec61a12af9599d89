/** Where a reader of one collection's change feed stands: it has seen every change up to and including `position`. */
export interface ChangeCursor {
  readonly collection: string
  /** Raised by a setting to make the shop forget every cursor that it handed out before. */
  readonly generation: number
  readonly position: number
}

/** Opaque on purpose: base64, so that nobody is tempted to count. */
export function encodeCursor(cursor: ChangeCursor): string {
  return Buffer.from(`${cursor.collection}:${cursor.generation}:${cursor.position}`).toString('base64url')
}

/** @returns undefined for anything that encodeCursor did not write */
export function decodeCursor(encoded: string): ChangeCursor | undefined {
  const parts = /^([a-z]+):(\d{1,15}):(\d{1,15})$/.exec(Buffer.from(encoded, 'base64url').toString('latin1'))
  if (!parts?.[1]) return undefined
  const cursor = { collection: parts[1], generation: Number(parts[2]), position: Number(parts[3]) }
  return encodeCursor(cursor) === encoded ? cursor : undefined
}
