/** The sandbox cannot start; the message is one sentence for people that names the setting to change. */
export class StartupError extends Error {}

/** What to print when starting failed: a sentence where the cause is known, the stack where it is not. */
export function startupSentence(error: unknown, port: number): string {
  if (error instanceof StartupError) return error.message
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE') {
    return `Port ${port} on 127.0.0.1 is taken: set WEBSHOP_SANDBOX_PORT to a free port for the webshop sandbox.`
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return 'WEBSHOP_SANDBOX_HOST is no address of this machine: set it to one, or unset it for 127.0.0.1.'
  }
  if (code === 'EACCES') {
    return `Port ${port} on 127.0.0.1 may not be used: set WEBSHOP_SANDBOX_PORT to a port above 1023 for the webshop sandbox.`
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
