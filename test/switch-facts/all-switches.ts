import { accessSwitches } from './access.ts'
import { entitySwitches } from './entities.ts'
import { listSwitches } from './lists.ts'
import { orderSwitches } from './orders.ts'
import { patchSwitches } from './patch.ts'
import { responseForm } from './response-form.ts'
import type { SwitchGroup } from './switch-facts.ts'

export const switchGroups: readonly SwitchGroup[] = [
  responseForm,
  listSwitches,
  entitySwitches,
  orderSwitches,
  patchSwitches,
  accessSwitches,
]
