/** The shop's clock in milliseconds since 1970: the machine's, moved by the setting clockSkewMs and by planned faults. */
export interface ShopClock {
  nowMs(): number
  /** The same, for the change time of a record: where a fault moves it, that is a hit. */
  stampMs(): number
}

export function openClock(skewMs: (at: { readonly isStamp: boolean }) => number): ShopClock {
  return {
    nowMs: () => Date.now() + skewMs({ isStamp: false }),
    stampMs: () => Date.now() + skewMs({ isStamp: true }),
  }
}
