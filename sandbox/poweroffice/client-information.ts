import { grantedPrivileges } from './privileges.ts'
import type { Route } from './route.ts'
import type { Settings } from './settings.ts'
import { shapeJson } from './shape.ts'

/** The connection test of README.md: needs a token and no role. */
export function clientInformationRoutes(settings: Settings): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/ClientIntegrationInformation',
      roles: [],
      handle() {
        const switches = settings.current()
        const information = {
          ActiveClientSubscriptions: ['Faktura', 'Regnskap'],
          ClientId: '6b1f0c1e-2f6b-4a56-8a51-9d0c1f2e7a10',
          ClientName: 'Nordlys Nettbutikk AS (sandbox)',
          InvalidPrivileges: switches.missingPrivileges,
          ValidPrivileges: grantedPrivileges(switches),
        }
        return { status: 200, body: shapeJson(information, switches) }
      },
    },
  ]
}
