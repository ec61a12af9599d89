import { existsSync } from 'node:fs'
import { config } from 'dotenv'
import type { Environment } from '../flows/settings.ts'

/** The environment with `.env` of the working directory below it: what the shell sets wins, even when it sets nothing. */
export function loadEnvironment(file = '.env'): Environment {
  const fromFile: Record<string, string> = {}
  if (existsSync(file)) config({ path: file, processEnv: fromFile, quiet: true })
  return { ...fromFile, ...process.env }
}
