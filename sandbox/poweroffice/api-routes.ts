import { clientInformationRoutes } from './client-information.ts'
import { customerKind } from './customers/kind.ts'
import { deliveryAddressRoutes } from './delivery-addresses/routes.ts'
import { departmentRoutes } from './departments/routes.ts'
import { numberSeriesRoutes } from './number-series.ts'
import { attachmentRoutes } from './orders/attachment-routes.ts'
import { settleInvoicings } from './orders/invoice-order.ts'
import { invoiceRoutes } from './orders/invoice-routes.ts'
import { lineRoutes } from './orders/line-routes.ts'
import { orderRoutes } from './orders/order-routes.ts'
import { productGroupKind } from './product-groups/kind.ts'
import { productKind } from './products/kind.ts'
import { recordRoutes } from './record-routes.ts'
import { accountKind } from './reference-lists/account-kind.ts'
import { readOnlyListRoutes } from './reference-lists/read-only-lists.ts'
import { deliveryTermKind, paymentTermKind } from './reference-lists/term-kinds.ts'
import type { Route } from './route.ts'
import type { SandboxState } from './sandbox-state.ts'

/** Everything under /v2. An entity adds its routes here; literal paths go before parameters. */
export function apiRoutes(state: SandboxState): readonly Route[] {
  const routes = [
    ...clientInformationRoutes(state.settings),
    ...numberSeriesRoutes(state.settings, state.series),
    ...recordRoutes(state, customerKind),
    ...deliveryAddressRoutes(state),
    ...departmentRoutes(state),
    ...recordRoutes(state, productKind),
    ...recordRoutes(state, productGroupKind),
    ...recordRoutes(state, accountKind),
    ...recordRoutes(state, paymentTermKind),
    ...recordRoutes(state, deliveryTermKind),
    ...readOnlyListRoutes(state),
    ...orderRoutes(state),
    ...lineRoutes(state),
    ...attachmentRoutes(state),
    ...invoiceRoutes(state),
  ]
  return routes.map((route) => ({
    ...route,
    handle(request) {
      // What was promised for later has happened by the time anybody looks, wherever that is.
      settleInvoicings(state)
      return route.handle(request)
    },
  }))
}
