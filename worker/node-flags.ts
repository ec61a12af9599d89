/**
 * How a worker's Node is started, by `npm start` and by hand (docs/connect-your-systems.md). What a request to a system needs
 * lives for as long as its answer takes: in Node's usual 16 MiB of young objects it grows old before it can be let go, and
 * a first load spends a tenth more of the processor on moving it. One thread moves it: four that help each other use more of
 * two cores that have work, and the little that lives on is moved within tens of milliseconds. Functions are compiled, simply,
 * before they run for the first time: a load of ten thousand records is over before all of them have been called often enough.
 */
export const workerNodeFlags = ['--max-semi-space-size=64', '--no-parallel-scavenge', '--always-sparkplug'] as const
