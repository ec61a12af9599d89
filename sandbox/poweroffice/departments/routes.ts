import { recordRoutes } from '../record-routes.ts'
import type { Route } from '../route.ts'
import type { SandboxState } from '../sandbox-state.ts'
import { departmentKind } from './kind.ts'

/** The five routes, with what was seen of departments alone: other key casing in some answers, no body after a PATCH. */
export function departmentRoutes(state: SandboxState): readonly Route[] {
  return recordRoutes(state, departmentKind, {
    shape(operation, switches) {
      const { departmentKeyCasing: quirk } = switches
      const isQuirky =
        (quirk === 'camelOnGetById' && operation === 'get') || (quirk === 'camelOnPost' && operation === 'create')
      return isQuirky ? { ...switches, responseKeyCasing: 'camel' } : switches
    },
    isBodyless: (operation, switches) => operation === 'patch' && switches.departmentPatchBody === 'empty',
  })
}
