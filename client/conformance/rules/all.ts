import type { Rule } from '../rule.ts'
import { capabilityRules } from './capabilities.ts'
import { changeRules } from './changes.ts'
import { conductRules } from './conduct.ts'
import { creatingRules } from './creating.ts'
import { decimalRules } from './decimals.ts'
import { deletionRules } from './deletions.ts'
import { erpIdRules } from './erp-ids.ts'
import { filterRules } from './filters.ts'
import { idempotencyRules } from './idempotency.ts'
import { listRules } from './lists.ts'
import { mergePatchRules } from './merge-patch.ts'
import { orderLineRules } from './order-lines.ts'
import { orderRules } from './orders.ts'
import { readingRules } from './reading.ts'
import { versionRules } from './versions.ts'
import { webhookRules } from './webhooks.ts'

/** In the order in which they are tried: reading first, the look back last. */
export const allRules: readonly Rule[] = [
  ...capabilityRules,
  ...listRules,
  ...readingRules,
  ...filterRules,
  ...versionRules,
  ...mergePatchRules,
  ...erpIdRules,
  ...changeRules,
  ...creatingRules,
  ...decimalRules,
  ...idempotencyRules,
  ...orderRules,
  ...orderLineRules,
  ...deletionRules,
  ...webhookRules,
  ...conductRules,
]
