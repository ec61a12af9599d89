const units = [
  { ms: 24 * 60 * 60 * 1000, name: 'd' },
  { ms: 60 * 60 * 1000, name: 'h' },
  { ms: 60 * 1000, name: 'min' },
  { ms: 1000, name: 's' },
] as const

/** `12 s ago`, `3 min ago`; times in the future (two clocks) count as now. */
export function timeAgo(at: number, now: number): string {
  const elapsed = duration(now - at)
  return elapsed === '0 s' ? 'just now' : `${elapsed} ago`
}

/** The largest unit that fits, rounded down: what is 90 minutes old is `1 h` old. */
export function duration(ms: number): string {
  const unit = units.find((candidate) => ms >= candidate.ms)
  return unit === undefined ? '0 s' : `${Math.floor(ms / unit.ms)} ${unit.name}`
}
