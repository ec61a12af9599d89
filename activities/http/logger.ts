/** The part of pino that connectors use. Lines hold methods, paths without ids, statuses and durations; nothing of content. */
export interface ConnectorLogger {
  debug(fields: Readonly<Record<string, unknown>>, message: string): void
  warn(fields: Readonly<Record<string, unknown>>, message: string): void
}
