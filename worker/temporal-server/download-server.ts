import { execFile } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { chmod, copyFile, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { z } from 'zod'

/** What the SDK asks too (sdk-core, ephemeral_server/mod.rs): the address of the archive and the file's name in it. */
const archiveInfo = z.object({ archiveUrl: z.url(), fileToExtract: z.string().min(1) })

/** Without internet access the question fails in milliseconds; behind a silent firewall it must not cost longer than this. */
const answerWithinMs = 5000
const archiveWithinMs = 10 * 60_000

/**
 * Temporal's own download of the command line with the server, put at `target`.
 * `onBegin` is called once the download service has answered, so that nothing is promised where there is no network.
 * @throws when there is no network, or no archive for this machine
 */
export async function downloadServer(options: {
  readonly service: string
  readonly cliVersion: string
  readonly folder: string
  readonly target: string
  readonly signal: AbortSignal
  readonly onBegin: () => void
}): Promise<void> {
  const info = await askForArchive(options.service, options.cliVersion)
  options.onBegin()
  const work = await mkdtemp(join(options.folder, 'download-'))
  try {
    const archive = join(work, 'archive.tar.gz')
    const answer = await fetch(info.archiveUrl, {
      signal: AbortSignal.any([options.signal, AbortSignal.timeout(archiveWithinMs)]),
    })
    if (!answer.ok || answer.body === null) throw new Error(`${info.archiveUrl} answers ${answer.status}`)
    await pipeline(Readable.fromWeb(answer.body), createWriteStream(archive))
    await promisify(execFile)('tar', ['-xzf', archive, '-C', work, info.fileToExtract])
    await copyFile(join(work, info.fileToExtract), options.target)
    await chmod(options.target, 0o755)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

async function askForArchive(service: string, cliVersion: string): Promise<z.infer<typeof archiveInfo>> {
  const platform = process.platform === 'darwin' ? 'darwin' : 'linux'
  const arch = process.arch === 'arm64' ? 'arm64' : 'amd64'
  const url = `${service}/cli/v${cliVersion}?arch=${arch}&platform=${platform}&format=tar.gz`
  const answer = await fetch(url, { signal: AbortSignal.timeout(answerWithinMs) }).catch((error: unknown) => {
    throw new Error(`${new URL(url).host} cannot be reached`, { cause: error })
  })
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}`)
  return archiveInfo.parse(await answer.json())
}
