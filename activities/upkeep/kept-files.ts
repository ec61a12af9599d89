import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** `20261126T013000250Z`, milliseconds included: a name for a file on every system, and later ones sort behind. */
export function stampOf(ms: number): string {
  return new Date(ms).toISOString().replace(/[-:.]/g, '')
}

/** Keeps the newest files of that name by their spelling, which begins with the same prefix and goes on with the time. */
export async function dropOldest(
  folder: string,
  { prefix, suffix, kept }: { readonly prefix: string; readonly suffix: string; readonly kept: number },
): Promise<void> {
  const isOurs = (name: string): boolean =>
    name.startsWith(prefix) && /^\d{8}T\d{6,9}Z/.test(name.slice(prefix.length)) && name.endsWith(suffix)
  const names = (await readdir(folder)).filter(isOurs).sort()
  for (const name of names.slice(0, Math.max(0, names.length - kept))) await rm(join(folder, name), { force: true })
}
