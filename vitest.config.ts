import { defineConfig } from 'vitest/config'

const serverTests = ['test/server/**/*.test.ts', 'test/pages/**/*.test.ts']
/** They mostly wait for the heartbeat timeouts of what they killed, so `npm test` runs them beside the others. */
const crashTests = ['test/server/crash-*.test.ts']

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
          exclude: serverTests,
          // The crash tests run beside these: time says nothing about right or wrong.
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'server',
          include: serverTests,
          exclude: crashTests,
          globalSetup: ['test/support/temporal-global-setup.ts'],
          // One at a time: they share one server on few cores, and each measures what it waits for.
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'crash',
          include: crashTests,
          maxWorkers: 2,
          globalSetup: ['test/support/temporal-global-setup.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
})
