import type { Scenario } from '../figure.ts'
import { createInErp } from './create-in-erp.ts'
import { firstLoad } from './first-load.ts'

export const scenarios: readonly Scenario[] = [firstLoad, createInErp]
