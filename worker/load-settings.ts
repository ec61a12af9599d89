import { readFileSync } from 'node:fs'
import { readText } from '../flows/environment-values.ts'
import { type OptionsFile, readOptions } from '../flows/read-options.ts'
import { type Environment, readSettings, type Settings } from '../flows/settings.ts'
import { withSecretFiles } from './secret-files.ts'

const defaultFile = 'kobling.options.json'

/**
 * The settings of the environment, its secrets also from files, with the options of the file that KOBLING_OPTIONS names, or of kobling.options.json in
 * the working directory where there is one.
 * @throws Error of one sentence about the setting or option that is wrong
 */
export function loadSettings(environment: Environment): Settings {
  return readSettings(withSecretFiles(environment), readOptions(findOptionsFile(environment)))
}

function findOptionsFile(environment: Environment): OptionsFile | null {
  const named = readText(environment, 'KOBLING_OPTIONS')
  const path = named ?? defaultFile
  try {
    return { path, text: readFileSync(path, 'utf8') }
  } catch (error) {
    if (named === null && error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    const setting = named === null ? path : `KOBLING_OPTIONS is "${path}", which`
    throw new Error(`${setting} cannot be read: write the path of a JSON file with options, or take it away.`)
  }
}
