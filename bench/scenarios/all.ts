import type { Scenario } from '../figure.ts'
import { createInErp } from './create-in-erp.ts'
import { firstLoad } from './first-load.ts'
import { idle } from './idle.ts'
import { linkSize } from './link-size.ts'
import { liveEdit } from './live-edit.ts'
import { memory } from './memory.ts'
import { sandboxes } from './sandboxes.ts'

/** In the order in which the documentation tells of them. */
export const scenarios: readonly Scenario[] = [firstLoad, createInErp, idle, linkSize, memory, liveEdit, sandboxes]
