import type { Decision } from '../../flows/decision.ts'
import type { UpsertAnswer } from '../../flows/port.ts'
import { VendorTrouble } from '../vendor-trouble.ts'
import type { Chunk } from './chunk.ts'
import { noteCreatesInDoubt } from './in-doubt.ts'
import { withTriedWrites } from './tried-writes.ts'

/** A memory that is silent this often, twenty seconds each, is for people to see to: the flow says so and is blocked (E6). */
const SILENT_ATTEMPTS = 3

/**
 * One attempt of a chunk. What an earlier attempt may have written or created stands in the memory before this one can fail
 * for another reason: a decision that is given up with `trouble` is never heard of again, and our own writes would be
 * taken for edits (E18, E19). While that cannot be noted the attempt is repeated.
 * @param prepare asks the systems; what it returns carries the decisions out
 * @throws VendorTrouble a system, or the memory again and again
 */
export async function rememberingEarlier(
  chunk: Omit<Chunk, 'targets'>,
  attempt: number,
  prepare: (decisions: readonly (Decision | null)[]) => Promise<() => Promise<UpsertAnswer>>,
): Promise<UpsertAnswer> {
  try {
    const decisions = await withTriedWrites(chunk)
    const carryOut = await prepared(decisions)
    return await carryOut()
  } catch (error) {
    const isSilentMemory = error instanceof VendorTrouble && error.trouble.type === 'MemoryUnavailable'
    if (isSilentMemory && attempt < SILENT_ATTEMPTS) throw new Error(error.trouble.message, { cause: error })
    throw error
  }

  async function prepared(decisions: readonly (Decision | null)[]): Promise<() => Promise<UpsertAnswer>> {
    try {
      return await prepare(decisions)
    } catch (error) {
      if (chunk.isRepeated && error instanceof VendorTrouble) await noteCreatesInDoubt(chunk, decisions)
      throw error
    }
  }
}
