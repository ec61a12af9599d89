import { readSettings, type Settings } from '../../flows/settings.ts'

/** What the worker's process and the plain script's are told of the world. */
export interface SettingsOptions {
  readonly environment: Readonly<Record<string, string>>
  readonly connection: string
}

/** The product's own settings, under a connection and task queues of this world's own. */
export function settingsOf({ environment, connection }: SettingsOptions): Settings {
  return {
    ...readSettings(environment),
    connection,
    taskQueue: `sync-${connection}`,
    watchTaskQueue: `sync-${connection}-watch`,
    receiverPort: 0,
  }
}
