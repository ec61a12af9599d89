import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

/** For `node --import`: a bare `tsx` would be looked up from the working directory, which need not be the project's. */
export const tsxLoader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
