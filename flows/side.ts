/** The two systems of a connection: PowerOffice Go is `erp`, the webshop is `shop`. */
export const sides = ['erp', 'shop'] as const
export type Side = (typeof sides)[number]

export function otherSide(side: Side): Side {
  return side === 'erp' ? 'shop' : 'erp'
}

/** One record of one side, as text: `erp:1042`, `shop:c-17`. Kept in state, hence no object. */
export type RecordKey = `${Side}:${string}`

export function recordKey(side: Side, id: string): RecordKey {
  return `${side}:${id}`
}

export function sideOf(key: RecordKey): Side {
  return key.startsWith('erp:') ? 'erp' : 'shop'
}

export function idOf(key: RecordKey): string {
  return key.slice(key.indexOf(':') + 1)
}
