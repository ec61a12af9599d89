import { defineConfig } from 'vitest/config'

const serverTests = ['test/server/**/*.test.ts', 'test/pages/**/*.test.ts']
/** They mostly wait for the heartbeat timeouts of what they killed, so `npm test` runs them beside the others. */
const crashTests = ['test/server/crash-*.test.ts']

/** Each needs a process of its own: some put other modules in place of some of ours, one installs the SDK's runtime, which a process does once. */
const testsAlone = [
  'test/simulation.test.ts',
  'test/simulation-mutations.test.ts',
  'test/replay.test.ts',
  'test/adopted-list.test.ts',
  'test/apply-reconcile.test.ts',
]

export default defineConfig({
  test: {
    // The SDK's native worker does not survive being loaded in worker threads.
    pool: 'forks',
    expect: { requireAssertions: true },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [...serverTests, ...testsAlone],
          // vitest would leave one of two cores to itself.
          maxWorkers: 2,
          // Most of them would take longer to load what they test than to test it.
          isolate: false,
          // Whatever else the machine does: time says nothing about right or wrong.
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: { name: 'alone', include: testsAlone, maxWorkers: 2, testTimeout: 60_000, hookTimeout: 60_000 },
      },
      {
        extends: true,
        test: {
          name: 'server',
          include: serverTests,
          exclude: crashTests,
          globalSetup: ['test/support/temporal-global-setup.ts'],
          // Two at a time: they mostly wait, each in a world of its own; more would wait for each other at their one server.
          maxWorkers: 2,
          // A third of the processor time of a short file would go into loading the SDK and the product again.
          isolate: false,
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'crash',
          include: crashTests,
          maxWorkers: 1,
          globalSetup: ['test/support/temporal-global-setup.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
})
