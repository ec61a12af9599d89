/** Spellings that are read and never written, since another one of the same value goes first. */
export function otherSpellings(values: Readonly<Record<string, string>>): (readonly [string, string])[] {
  const written = new Map<string, string>()
  for (const [vendor, canonical] of Object.entries(values)) if (!written.has(canonical)) written.set(canonical, vendor)
  return Object.entries(values).filter(([vendor, canonical]) => written.get(canonical) !== vendor)
}
