/** How single values are read from the environment, for settings.ts: unset is `null`, and a wrong value is one sentence. */

export type EnvironmentValues = Readonly<Record<string, string | undefined>>

/** An empty or blank value is an unset one: that is how `.env` files and compose files switch a line off. */
export function readText(env: EnvironmentValues, name: string): string | null {
  const text = env[name]?.trim()
  return text === undefined || text === '' ? null : text
}

export function readPort(env: EnvironmentValues, name: string, otherwise: number): number {
  const text = readText(env, name)
  if (text === null) return otherwise
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (port < 1 || port > 65_535) throw wrong(name, text, `a port from 1 to 65535, such as ${otherwise}`)
  return port
}

export function readPositive(env: EnvironmentValues, name: string): number | null {
  const text = readText(env, name)
  if (text === null) return null
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : 0
  if (value <= 0) throw wrong(name, text, 'a number above 0, such as 30')
  return value
}

export function readUrl(env: EnvironmentValues, name: string): string | null {
  const text = readText(env, name)
  if (text === null) return null
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw wrong(name, text, 'an address that begins with http:// or https://')
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    // The value is not repeated: it may hold a password.
    throw new Error(`${name} has more than a host and a path: write it without user, password, question mark or hash.`)
  }
  return text.replace(/\/+$/, '')
}

export function isHostAndPort(text: string): boolean {
  const port = /^(?:\[[0-9a-fA-F:]+\]|[A-Za-z0-9._-]+):(\d{1,5})$/.exec(text)?.[1]
  return port !== undefined && Number(port) >= 1 && Number(port) <= 65_535
}

export function wrong(name: string, value: string, instead: string): Error {
  return new Error(`${name} is "${value}": write ${instead}.`)
}

export function listed(names: readonly string[], last: 'and' | 'or' = 'and'): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} ${last} ${names.at(-1)}`
}
