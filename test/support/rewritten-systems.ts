import { readSettings } from '../../flows/settings.ts'
import type { Side } from '../../flows/side.ts'
import { startPowerOfficeSandbox } from '../../sandbox/poweroffice/server.ts'
import { startWebshopSandbox } from '../../sandbox/webshop/server.ts'
import { createSystems } from '../../worker/systems.ts'
import { startRewritingProxy } from './rewriting-proxy.ts'
import type { ErpSandbox, ShopSandbox } from './world.ts'

type Rewrite = Parameters<typeof startRewritingProxy>[1]

/** How one side's answers are changed on their way (rewriting-proxy.ts). */
export interface RewrittenSide {
  readonly rewrite: Rewrite
  readonly spell: (text: string) => string
}

/**
 * Connectors to two empty sandboxes, whose answers are changed on their way.
 * @param plant makes the records, and says how they are shown
 */
export async function startRewrittenSystems(
  plant: (both: { readonly erp: ErpSandbox; readonly shop: ShopSandbox }) => Readonly<Record<Side, RewrittenSide>>,
) {
  const data = { port: 0, dataFile: ':memory:', seed: 'none' } as const
  const erp = await startPowerOfficeSandbox({ ...data, switches: { rateLimit: 'off' } })
  const shop = await startWebshopSandbox(data)
  const shown = plant({ erp, shop })
  const erpProxy = await startRewritingProxy(erp.origin, shown.erp.rewrite, shown.erp.spell)
  const shopProxy = await startRewritingProxy(shop.baseUrl, shown.shop.rewrite, shown.shop.spell)
  const systems = createSystems(
    readSettings({
      POWEROFFICE_BASE_URL: erp.baseUrl.replace(erp.origin, erpProxy.url),
      POWEROFFICE_TOKEN_URL: erp.tokenUrl,
      POWEROFFICE_REQUESTS_PER_SECOND: '500',
      WEBSHOP_BASE_URL: shopProxy.url,
    }),
  )
  return {
    systems,
    close: async (): Promise<void> => {
      await erpProxy.close()
      await shopProxy.close()
      await erp.close()
      await shop.close()
    },
  }
}
