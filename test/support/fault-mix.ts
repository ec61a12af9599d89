/**
 * Every kind of fault at a few per cent, for a world that works meanwhile. Answers are lost and delayed by so much as a
 * test has time for: clients give up after ten seconds, and a hang ends in a reset long before.
 */
export function faultMix(side: 'erp' | 'shop', seed: number): readonly Readonly<Record<string, unknown>>[] {
  // One write in four or so loses its answer: writes are few, and this is what must be survived.
  const writes = ['POST', 'PATCH'].flatMap((method) => [
    { kind: 'status', status: 500, method, when: 'after', probability: 0.06 },
    { kind: 'reset', method, when: 'after', probability: 0.06 },
    { kind: 'hang', hangMs: 800, method, when: 'after', probability: 0.05 },
    { kind: 'truncated', method, when: 'after', probability: 0.06 },
  ])
  const anything = [
    { kind: 'status', status: 503, probability: 0.01 },
    { kind: 'throttle', probability: 0.01 },
    { kind: 'reset', probability: 0.01 },
    { kind: 'hang', hangMs: 800, probability: 0.005 },
    { kind: 'truncated', cut: 'connection', probability: 0.005 },
    { kind: 'garbage', probability: 0.004 },
    { kind: 'empty', status: 200, probability: 0.004 },
    { kind: 'html', status: 502, probability: 0.005 },
    { kind: 'contentType', probability: 0.02 },
    { kind: 'emptyList', probability: 0.02 },
    { kind: 'drip', dripBytes: 200, dripMs: 2, probability: 0.02 },
    { kind: 'latency', distribution: 'lognormal', latencyMs: 40, maxLatencyMs: 1_000, probability: 0.1 },
    { kind: 'latency', distribution: 'pareto', latencyMs: 20, maxLatencyMs: 1_000, when: 'after', probability: 0.05 },
  ]
  const own =
    side === 'erp'
      ? [
          { kind: 'tokenRevoked', probability: 0.004 },
          {
            kind: 'outOfBandEdit',
            path: '/Customers/',
            edit: { WebsiteUrl: 'https://utenfra{n}.example' },
            probability: 0.15,
          },
        ]
      : [
          {
            kind: 'outOfBandEdit',
            path: '/customers/',
            edit: { website: 'https://innenfra{n}.example' },
            probability: 0.15,
          },
          ...['webhookLost', 'webhookDuplicated', 'webhookDelayed', 'webhookReordered'].map((kind) => ({
            kind,
            latencyMs: 500,
            probability: 0.15,
          })),
        ]
  return [...own, ...writes, ...anything].map((fault) => ({ ...fault, seed }))
}
