/** `4030` (this machine only) or `0.0.0.0:4030`; null for anything else. */
export function parseListenAddress(text: string): { readonly host: string; readonly port: number } | null {
  const parts = /^(?:([A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\]):)?(\d{1,5})$/.exec(text)
  const port = Number(parts?.[2])
  if (!parts || port > 65_535) return null
  return { host: (parts[1] ?? '127.0.0.1').replace(/^\[|\]$/g, ''), port }
}
