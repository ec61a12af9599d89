import type { CommandContext } from '../command-context.ts'
import { CommandFailure, exitCodes, usageFailure } from '../command-failure.ts'
import { parseListenAddress } from './listen-address.ts'
import { closingLines, resultLines } from './report-text.ts'
import { CannotRun, type Report, runConformance } from './run.ts'
import { originOf } from './shop-client.ts'
import { startWebhookListener, type WebhookListener } from './webhook-listener.ts'

export interface CheckShopOptions {
  readonly url: string
  readonly key: string
  readonly readerKey?: string
  readonly webhookSecret?: string
  readonly listen?: string
  readonly readOnly?: boolean
  readonly invoice?: boolean
  readonly json?: boolean
}

/** Time to take away what was made, after Ctrl-C. */
const cleanUpGraceMs = 30_000

/**
 * Runs the kit and tells what it found.
 * @throws CommandFailure 1 when a rule does not hold, 2 when it could not be run or was interrupted
 */
export async function checkShop(context: CommandContext, options: CheckShopOptions): Promise<void> {
  context.allowAfterInterrupt(cleanUpGraceMs)
  const hooks = await listener(context, options)
  const tell = options.json === true ? () => undefined : context.say
  try {
    tell(`${originOf(options.url)}, against the webshop contract 1.0`)
    const report = await runConformance({
      baseUrl: options.url,
      key: options.key,
      readerKey: options.readerKey,
      readOnly: options.readOnly === true,
      invoice: options.invoice === true,
      hooks,
      signal: context.signal,
      onResult: (result) => {
        for (const line of resultLines(result, context.paint)) tell(line)
      },
    })
    if (options.json === true) context.say(JSON.stringify(report, null, 2))
    for (const line of closingLines(report, context.paint)) tell(line)
    refuse(report)
  } catch (error) {
    if (error instanceof CannotRun) throw new CommandFailure(error.message, exitCodes.usage)
    if (context.signal.aborted && !(error instanceof CommandFailure)) throw interrupted()
    throw error
  } finally {
    await hooks?.close()
  }
}

function refuse({ stopped, verdict, results }: Report): void {
  if (stopped !== null) throw new CommandFailure(`The check did not get to its end: ${stopped}`, exitCodes.usage)
  if (verdict.conforms) return
  const failed = results.filter(({ outcome }) => outcome.kind === 'broken' || outcome.kind === 'blocked')
  throw new CommandFailure(
    `${failed.length} ${failed.length === 1 ? 'rule does' : 'rules do'} not hold: ${failed.map(({ id }) => id).join(', ')}.`,
  )
}

const interrupted = () => new CommandFailure('The check was interrupted before it began.', exitCodes.usage)

async function listener(context: CommandContext, options: CheckShopOptions): Promise<WebhookListener | null> {
  const { listen } = options
  const secret = options.webhookSecret ?? context.environment['WEBSHOP_WEBHOOK_SECRET']
  if (listen === undefined) return null
  const address = parseListenAddress(listen)
  if (!address) throw usageFailure(`--listen is "${listen}": write a port, such as 4030, or <host>:<port>.`)
  if (!secret)
    throw usageFailure('--listen needs --webhook-secret, or WEBSHOP_WEBHOOK_SECRET, to check signatures with.')
  // The secret itself must not be quoted.
  if (!/^whsec_[A-Za-z0-9+/]+={0,2}$/.test(secret))
    throw usageFailure('The webhook secret is none: it begins with whsec_, then base64.')
  try {
    return await startWebhookListener({ ...address, secret, signal: context.signal })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw usageFailure(
      `Port ${address.port} cannot be listened on (${code}): give --listen another one, and let the shop send there.`,
    )
  }
}
