import { setTimeout as wait } from 'node:timers/promises'

/** What is to arrive after that which was sent later. */
export interface HoldBack<Sent> {
  /** @param atMostMs then it goes by itself @param neverOvertaken called when it does */
  hold(one: Sent, atMostMs: number, neverOvertaken: () => void): void
  /** All that is held: the caller sends it after what comes now. */
  release(): readonly Sent[]
}

export function openHoldBack<Sent>(closing: AbortSignal, send: (held: readonly Sent[]) => void): HoldBack<Sent> {
  let held: readonly { readonly one: Sent; readonly released: AbortController }[] = []
  return {
    hold(one, atMostMs, neverOvertaken) {
      const released = new AbortController()
      held = [...held, { one, released }]
      wait(atMostMs, undefined, { signal: AbortSignal.any([closing, released.signal]) })
        .then(() => {
          held = held.filter((each) => each.released !== released)
          neverOvertaken()
          send([one])
        })
        .catch(() => undefined) // released, or closing
    },
    release() {
      const releasing = held
      held = []
      for (const { released } of releasing) released.abort()
      return releasing.map(({ one }) => one)
    },
  }
}
