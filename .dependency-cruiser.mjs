// The import rules of the engine, one a folder. `npm run check` holds them; test/import-rules.test.ts proves that they bite.

const packages = (names) => `(^|/)node_modules/(${names.join('|')})/`
const folders = (...names) => `^(${names.join('|')})/`

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'flows-import-nothing',
      comment:
        'flows/ says what is synchronised and is read by every other folder, workflow sandbox included: no package, no other folder.',
      severity: 'error',
      from: { path: '^flows/' },
      to: { pathNot: '^flows/' },
    },
    {
      name: 'workflows-import-flows',
      comment:
        'workflows/ must run again to the same end: it knows the flows and the SDK for workflows, and never how the world is touched.',
      severity: 'error',
      from: { path: '^workflows/' },
      to: { pathNot: ['^(flows|workflows)/', packages(['@temporalio/workflow', '@temporalio/common'])] },
    },
    {
      name: 'bundle-without-zod-and-axios',
      comment:
        'zod alone costs 570 KB of heap for every cached workflow, and axios cannot run there: both belong in activities/.',
      severity: 'error',
      from: { path: folders('flows', 'workflows') },
      to: { path: packages(['zod', 'axios']) },
    },
    {
      name: 'bundle-without-node-modules',
      comment:
        "Node's own modules are not there in the workflow sandbox, and what they read differs from one replay to the next.",
      severity: 'error',
      from: { path: folders('flows', 'workflows') },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'activities-import-flows',
      comment:
        'activities/ touches the world on orders: what it shares with workflows/ lies in flows/, so that neither knows the other.',
      severity: 'error',
      from: { path: '^activities/' },
      to: { path: folders('workflows', 'worker', 'client', 'sandbox', 'examples', 'test', 'bench') },
    },
    {
      name: 'worker-imports-the-engine',
      comment:
        'worker/ runs flows, workflows and activities. People and sandboxes reach it over the network, as real ones do.',
      severity: 'error',
      from: { path: '^worker/' },
      to: { path: folders('client', 'sandbox', 'examples', 'test', 'bench') },
    },
    {
      name: 'client-imports-messages',
      comment:
        'client/ speaks to the engine by its messages. It may use the connectors (connect, conformance), the upkeep of workflows and ' +
        'memory, which audit and exports share with it, and what every process needs to reach the same server in the same way: ' +
        'the environment, the settings, the payload codec and how TypeScript is run.',
      severity: 'error',
      from: { path: '^client/' },
      to: {
        path: folders('workflows', 'activities', 'worker', 'sandbox', 'examples', 'test', 'bench'),
        pathNot: [
          '^workflows/messages\\.ts$',
          '^activities/(poweroffice|webshop|upkeep)/',
          '^worker/(ask-again|environment|load-settings|codec)\\.ts$',
          '^worker/processes/import-compiled\\.js$',
        ],
      },
    },
    {
      name: 'sandbox-imports-nothing-of-the-engine',
      comment:
        'sandbox/ is written from the vendor’s description: a simulator that shares our code shares our misunderstandings.',
      severity: 'error',
      from: { path: '^sandbox/' },
      to: {
        path: [
          folders('flows', 'workflows', 'activities', 'worker', 'client', 'examples', 'test', 'bench'),
          packages(['@temporalio/[^/]+']),
        ],
      },
    },
    {
      name: 'examples-import-nothing-of-ours',
      comment: 'examples/ is there to be copied into a shop: whatever it takes from here would be missing there.',
      severity: 'error',
      from: { path: '^examples/' },
      to: {
        path: [
          folders('flows', 'workflows', 'activities', 'worker', 'client', 'sandbox', 'test', 'bench'),
          packages(['@temporalio/[^/]+']),
        ],
      },
    },
    {
      name: 'no-cycles',
      comment: 'Two files that need each other are one idea in two places.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'product-without-development-packages',
      comment: 'The product is installed without development dependencies.',
      severity: 'error',
      from: { path: folders('flows', 'workflows', 'activities', 'worker', 'client', 'sandbox', 'examples') },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['npm'] },
    },
    {
      name: 'everything-resolves',
      comment: 'An import that leads nowhere would escape every other rule.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    // Beside TypeScript 7 the default parser sees no module at all and reports success (tried with 17.4.3).
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^test/fixtures/' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'require'],
      mainFields: ['module', 'main'],
    },
  },
}
