/** `"42"`, or `W/"42"` from shops whose framework adds that. */
export function versionIn(etag: string | undefined): string | null {
  return /^(?:W\/)?"(.*)"$/.exec(etag ?? '')?.[1] ?? null
}

export function ifMatch(version: string): { readonly 'if-match': string } {
  return { 'if-match': `"${version}"` }
}
