import { existsSync } from 'node:fs'
import { config } from 'dotenv'

/**
 * The environment of this process with `.env` of the working directory below it: what is set in the shell wins, even when
 * it is set to nothing. Leaves process.env as it is, so that children inherit what people set and read `.env` themselves.
 */
export function loadEnvironment(file = '.env'): Record<string, string | undefined> {
  const fromFile: Record<string, string> = {}
  if (existsSync(file)) config({ path: file, processEnv: fromFile, quiet: true })
  return { ...fromFile, ...process.env }
}
