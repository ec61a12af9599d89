import { join } from 'node:path'
import { z } from 'zod'
import { type SeedOptions, SeedSettingWrong, seedNames, seedOptionsOf } from '../seed/options.ts'
import type { WebshopSandboxOptions } from './server.ts'
import { StartupError } from './startup-error.ts'

/** Of the fixed names in docs/connect-your-systems.md. */
const defaultPort = 4020
const defaultDataFolder = '.data'

const environmentSchema = z.object({
  WEBSHOP_SANDBOX_PORT: z.coerce.number().int().min(0).max(65_535).default(defaultPort),
  WEBSHOP_SANDBOX_HOST: z.string().optional(),
  KOBLING_DATA_DIR: z.string().default(defaultDataFolder),
  WEBSHOP_SANDBOX_SEED: z.enum(seedNames).default('all'),
  WEBSHOP_API_KEY: z.string().regex(/^\S+$/).optional(),
  WEBSHOP_WEBHOOK_URL: z.url({ protocol: /^https?$/ }).optional(),
  WEBSHOP_WEBHOOK_SECRET: z
    .string()
    .regex(/^whsec_[A-Za-z0-9+/]{32,}={0,2}$/)
    .optional(),
})

/**
 * The environment as options; an empty variable counts as unset.
 * @throws StartupError that names the first wrong variable, without showing its value: it may be a secret
 */
export function parseEnvironment(environment: Readonly<Record<string, string | undefined>>) {
  const filled = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
  const parsed = environmentSchema.safeParse(filled)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new StartupError(`The webshop sandbox cannot use ${issue?.path.join('.')}: set it right (${issue?.message}).`)
  }
  const known = parsed.data
  const options: WebshopSandboxOptions & { readonly port: number } = {
    port: known.WEBSHOP_SANDBOX_PORT,
    dataFile: join(known.KOBLING_DATA_DIR, 'webshop.sqlite'),
    seed: known.WEBSHOP_SANDBOX_SEED,
    seedOptions: readSeedOptions(filled),
    ...(known.WEBSHOP_SANDBOX_HOST && { host: known.WEBSHOP_SANDBOX_HOST }),
    webhookUrl: known.WEBSHOP_WEBHOOK_URL ?? null,
    ...(known.WEBSHOP_API_KEY && { apiKey: known.WEBSHOP_API_KEY }),
    ...(known.WEBSHOP_WEBHOOK_SECRET && { webhookSecret: known.WEBSHOP_WEBHOOK_SECRET }),
  }
  return options
}

function readSeedOptions(environment: Readonly<Record<string, string | undefined>>): SeedOptions {
  try {
    return seedOptionsOf(environment)
  } catch (error) {
    if (error instanceof SeedSettingWrong) throw new StartupError(error.message)
    throw error
  }
}
