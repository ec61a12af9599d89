/** Prints the build id of the present workflow code: `node --import tsx worker/build-id.ts`. What workers of it are known by. */
import { buildIdOf } from './deployment.ts'
import { bundleWorkflows } from './workflow-bundle.ts'

process.stdout.write(`${buildIdOf(await bundleWorkflows())}\n`)
