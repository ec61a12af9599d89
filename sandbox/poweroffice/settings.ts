import { z } from 'zod'
import { switchPresets } from './switch-presets.ts'

/**
 * Where the vendor's behaviour is not known for certain, it is a switch. Defaults follow the best evidence; where accepting too
 * much would hide a client's fault, the strict reading is the default. README.md says what each one stands for.
 * Every switch here does something: what is not implemented is not listed.
 */
export const switches = {
  // Response form
  responseKeyCasing: z.enum(['pascal', 'camelNested', 'camel']).default('pascal'),
  departmentKeyCasing: z.enum(['asOthers', 'camelOnGetById', 'camelOnPost']).default('asOthers'),
  departmentPatchBody: z.enum(['dto', 'empty']).default('dto'),
  errorKeyCasing: z.enum(['lower', 'pascal']).default('lower'),
  errorsDictionary: z.enum(['absent', 'present']).default('absent'),
  dateOnlyFields: z.enum(['date', 'withTime', 'withTimeZ']).default('date'),
  timestampFraction: z.enum(['seven', 'trimmed', 'noneWhenZero']).default('seven'),
  timestampZone: z.enum(['Z', '+00:00', '+02:00', 'missing']).default('Z'),
  extraProperties: z.enum(['off', 'on']).default('off'),
  writeStatus: z.enum(['documented', 'all201', 'all200']).default('documented'),

  // Lists
  pagePastEnd: z.enum(['204', '200']).default('204'),
  xPaginationContent: z.enum(['nextPageLink', 'full', 'absent']).default('nextPageLink'),
  xPaginationLastPage: z.enum(['empty', 'absent', 'null']).default('empty'),
  listOrder: z.enum(['creation', 'lastChanged', 'id', 'shuffled']).default('creation'),
  orderBySyntax: z.enum(['accepted', 'ignored']).default('accepted'),
  unknownQueryKey: z.enum(['ignored', '400']).default('ignored'),
  pageSizeOverMax: z.enum(['400', 'clamped']).default('400'),
  laterFilters: z.enum(['on', 'ignored', '400']).default('on'),
  invoiceListDates: z.enum(['required', 'optional']).default('required'),
  watermarkBoundary: z.enum(['exclusive', 'inclusive']).default('exclusive'),
  lateVisibility: z.number().int().min(0).max(600_000).default(0),
  equalTimestamps: z.enum(['off', 'on']).default('off'),

  // Entities
  organizationNumberCheck: z.enum(['off', 'mod11', 'mod11AndUnique']).default('off'),
  numberSeriesEnd: z.number().int().min(10_000).max(99_999).default(19_999),
  numberSeriesFull: z.enum(['400', '409']).default('400'),
  defaultInvoiceDelivery: z.enum(['PdfByEmail', 'accepted']).default('PdfByEmail'),
  enumCasing: z.enum(['any', 'exact']).default('any'),
  emptyStringOptional: z.enum(['accepted', '400']).default('accepted'),
  unknownReferenceOnPost: z.enum(['404', '400']).default('404'),
  unknownReferenceOnProductPost: z.enum(['400', '404']).default('400'),
  departmentCodeUnique: z.enum(['unique', 'duplicates']).default('unique'),
  departmentIsActiveDefault: z.boolean().default(false),
  productCodeUnique: z.enum(['unique', 'duplicates']).default('unique'),
  codeAutoAssign: z.enum(['off', 'nextFree']).default('off'),
  gtinLength: z.enum(['any', '13']).default('any'),

  // Orders and invoicing
  orderCustomerRequired: z.enum(['400', 'accepted']).default('400'),
  amountRounding: z.enum(['eachLine', 'eachLineHalfToEven', 'sum', 'none']).default('eachLine'),
  lineWriteMovesOrder: z.enum(['yes', 'no']).default('yes'),
  confirmedOrderEdit: z.enum(['400', '409', 'accepted']).default('400'),
  confirmedOrderDelete: z.enum(['409', '400', 'accepted']).default('409'),
  duplicateOrderReference: z.enum(['400', '400WithoutId', '409', 'accepted']).default('400'),
  orderReferenceAfterInvoicing: z.enum(['reserved', 'freed']).default('reserved'),
  orderReferenceAfterDelete: z.enum(['freed', 'reserved']).default('freed'),
  orderReferenceMaxLength: z.union([z.number().int().min(1), z.literal('none')]).default('none'),
  getOrderAfterInvoicing: z.enum(['404', 'orderLingers', 'both404', 'both200']).default('404'),
  afterInvoicingMs: z.number().int().min(0).max(600_000).default(2000),
  invoiceKeepsOrderId: z.enum(['yes', 'no']).default('yes'),
  invoicingDelay: z.number().int().min(0).max(600_000).default(0),
  invoicingOutcome: z.enum(['sent', 'error']).default('sent'),

  // PATCH
  patchContentType: z.enum(['strict', 'jsonAccepted']).default('strict'),
  patchOps: z.enum(['all', 'replaceOnly']).default('all'),
  patchTestOp: z.enum(['enforced', 'ignored', 'refused']).default('enforced'),
  patchNestedPaths: z.enum(['accepted', '400']).default('accepted'),
  patchPathCasing: z.enum(['ignored', 'insensitive', '400']).default('ignored'),
  patchNullClears: z.enum(['yes', '400', 'ignored']).default('yes'),
  stockOpOrder: z.enum(['isStockItemFirst', 'any']).default('isStockItemFirst'),

  // Access and throttling
  rateLimit: z.union([z.number().int().min(1), z.literal('off')]).default(10),
  retryAfter: z.enum(['sent', 'notSent']).default('sent'),
  throttleBody: z.enum(['gateway', 'numericStatusCode', 'problem', 'empty']).default('gateway'),
  throttledWriteExecuted: z.enum(['no', 'yes']).default('no'),
  tokenCallsCounted: z.enum(['yes', 'no']).default('yes'),
  tokenLifetime: z.number().int().min(1).default(1200),
  /** Seconds after which a token is refused, whatever lifetime its answer promised. */
  tokenRevokedEarly: z.union([z.number().int().min(1), z.literal('off')]).default('off'),
  body401: z.enum(['empty', 'gateway', 'problem']).default('empty'),
  body401Subscription: z.enum(['gateway', 'empty']).default('gateway'),
  body403: z.enum(['empty', 'problem']).default('empty'),
  allowSendInvoice: z.enum(['granted', 'missing']).default('granted'),
  outgoingInvoiceRole: z.enum(['granted', 'missing']).default('granted'),
  missingPrivileges: z.array(z.string()).default([]),

  // The machine under it
  clockSkewMs: z.number().int().default(0),
  latencyMs: z.number().int().min(0).max(60_000).default(0),
  latencyJitterMs: z.number().int().min(0).max(60_000).default(0),
}

const switchesSchema = z.strictObject(switches)

export type Switches = z.infer<typeof switchesSchema>

export type SwitchChanges = { readonly [Key in keyof Switches]?: Switches[Key] | undefined }

export interface Settings {
  current(): Switches
  /** JSON merge: named switches change, null puts one back to its default. Throws SwitchRefused and then changes nothing. */
  change(changes: unknown): Switches
}

/** What `change` and the initial settings take besides single switches: a set of them, under what is named beside it. */
export type SwitchRequest = SwitchChanges & { readonly preset?: string }

/** The message names the wrong key and what it would take. */
export class SwitchRefused extends Error {}

export function createSettings(initial: SwitchRequest = {}): Settings {
  let current = parseSwitches(withPreset(initial))
  return {
    current: () => current,
    change(changes) {
      if (typeof changes !== 'object' || changes === null || Array.isArray(changes)) {
        throw new SwitchRefused('Send a JSON object of switches, for example {"rateLimit": "off"}.')
      }
      const merged = { ...current, ...withPreset(changes) }
      current = parseSwitches(Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null)))
      return current
    },
  }
}

function withPreset(changes: object): object {
  if (!('preset' in changes)) return changes
  const { preset, ...single } = changes
  const named = typeof preset === 'string' && Object.hasOwn(switchPresets, preset) ? switchPresets[preset] : undefined
  if (!named) throw new SwitchRefused(`preset: expected one of ${Object.keys(switchPresets).join(', ')}`)
  return { ...named, ...single }
}

function parseSwitches(values: unknown): Switches {
  const parsed = switchesSchema.safeParse(values)
  if (parsed.success) return parsed.data
  const reasons = parsed.error.issues.map((issue) =>
    issue.code === 'unrecognized_keys'
      ? `${issue.keys.join(', ')}: no such switch`
      : `${issue.path.join('.')}: ${issue.message}`,
  )
  throw new SwitchRefused(reasons.join('; '))
}
