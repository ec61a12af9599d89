import type { Command } from 'commander'
import type { CommandContext } from '../command-context.ts'
import { CommandFailure, exitCodes, usageFailure } from '../command-failure.ts'

interface Options {
  readonly url: string
  readonly key?: string
  readonly readerKey?: string
  readonly webhookSecret?: string
  readonly listen?: string
  readonly readOnly?: boolean
  readonly invoice?: boolean
  readonly json?: boolean
}

export function addConformance(program: Command, context: CommandContext): void {
  program
    .command('conformance')
    .description('check a shop against the webshop contract: which level it reaches, and what is missing to the next')
    .requiredOption('--url <base>', 'the shop, without /api')
    .option('--key <key>', "the sync's key in the shop (default: WEBSHOP_API_KEY)")
    .option('--reader-key <key>', 'a key without the right to write, to see its 403')
    .option('--webhook-secret <secret>', 'what the shop signs webhooks with (default: WEBSHOP_WEBHOOK_SECRET)')
    .option('--listen <address>', 'where the shop sends webhooks to: a port of this machine, or <host>:<port>')
    .option('--read-only', 'write nothing')
    .option('--invoice', 'also invoice an order, which then stays in the shop')
    .option('--json', 'as JSON')
    .action(async (options: Options) => {
      // Loaded when it is wanted: zod and its schemas would slow every other command down.
      const { checkShop } = await import('../conformance/check-shop.ts')
      await checkShop(context, { ...options, url: parsedUrl(options.url), key: keyOf(options, context) })
    })
}

function parsedUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw usageFailure(`--url is "${text}": write the address of the shop, such as https://shop.example.`)
  }
  return text.replace(/\/+$/, '').replace(/\/api$/, '')
}

function keyOf({ key }: Options, { environment }: CommandContext): string {
  const known = key ?? environment['WEBSHOP_API_KEY']
  if (known) return known
  throw new CommandFailure("The shop needs a key: give --key the sync's key, or set WEBSHOP_API_KEY.", exitCodes.usage)
}
