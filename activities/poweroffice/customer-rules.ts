import type { FieldNote } from '../../flows/decision.ts'
import type { JsonValue } from '../../flows/json.ts'
import type { JsonObject, Prepared } from '../connector.ts'
import { settleAddress } from './customer-address.ts'
import { textOf } from './json-text.ts'

/** PowerOffice's own rules for writing customers (docs/rules.md, customers). Pure. */

/** Row flag: we set InvoiceDeliveryType Print, since there was no e-mail. */
const printFlag = 'p'
const maxReferenceLength = 50
/** Given out by PowerOffice, or settled when the record is made: never sent in an edit. */
const neverSent = ['Id', 'Number', 'IsActive', 'ExternalImportReference', 'InvoiceDeliveryType']

/** Not for one value on many records: what names a record or a person is the record's own. */
const neverSetOnce = ['Id', 'Number', 'ExternalImportReference', 'NationalIdNumber', 'DateOfBirth']

/** What becomes of a person with one name only (docs/rules.md, customers). */
export type SingleName = 'dash' | 'refuse'

/** @param createWith values that are set once, with a new customer (rule 11) */
export function prepareCustomerCreate(
  values: JsonObject,
  reference: string,
  { singleName = 'dash', createWith = {} }: { readonly singleName?: SingleName; readonly createWith?: JsonObject } = {},
): Prepared {
  const notes: FieldNote[] = []
  const refuse = (refusal: string): Prepared => ({ body: {}, flags: '', notes, refusal })
  if (reference.length > maxReferenceLength) {
    return refuse(
      `PowerOffice takes a reference of at most ${maxReferenceLength} characters and ours would have ${reference.length}: shorten the connection's prefix.`,
    )
  }
  const { MailAddress, FirstName, LastName, ...others } = values
  const body: Record<string, JsonValue> = { ...setOnce(createWith), ...withoutEmpty(others) }
  const isPerson = values['IsPerson'] === true
  body['IsPerson'] = isPerson
  if (isPerson) {
    const name = settlePersonName(FirstName, LastName)
    if (!name || (name.isAdjusted && singleName === 'refuse')) {
      return refuse('PowerOffice needs the name of a person: fill in first and last name in the webshop.')
    }
    Object.assign(body, name.sent)
    if (name.isAdjusted) notes.push(adjustedName)
  } else if (textOf(values['Name']) === null) {
    return refuse('PowerOffice needs the name of a company: fill it in in the webshop.')
  }
  const address = settleAddress(MailAddress)
  if (address.kind === 'send') body['MailAddress'] = withoutEmpty(address.address)
  if (address.kind === 'withheld') notes.push({ field: 'address', kind: 'withheld', detail: address.detail })
  body['ExternalImportReference'] = reference
  const hasEmail = textOf(values['EmailAddress']) !== null || textOf(values['InvoiceEmailAddress']) !== null
  // The default is PdfByEmail, which PowerOffice refuses without an e-mail.
  if (!hasEmail) body['InvoiceDeliveryType'] = 'Print'
  return { body, flags: hasEmail ? '' : printFlag, notes, refusal: null }
}

export function prepareCustomerUpdate(
  current: JsonObject,
  values: JsonObject,
  flags: string,
  singleName: SingleName = 'dash',
): Prepared {
  const notes: FieldNote[] = []
  const { MailAddress, FirstName, LastName, IsPerson: _settledAtCreation, ...others } = values
  const body: Record<string, JsonValue> = {}
  for (const [name, value] of Object.entries(others)) {
    if (!neverSent.includes(name)) body[name] = value === '' ? null : value
  }
  if (body['Name'] !== undefined && textOf(body['Name']) === null) {
    delete body['Name']
    notes.push(
      withheld('name', 'PowerOffice needs the name of a company: clear it there if it is meant, or fill it in.'),
    )
  }
  if (FirstName !== undefined || LastName !== undefined) {
    const pick = (given: JsonValue | undefined, name: string) => (given === undefined ? current[name] : given)
    const name = settlePersonName(pick(FirstName, 'FirstName'), pick(LastName, 'LastName'))
    if (name && !(name.isAdjusted && singleName === 'refuse')) {
      Object.assign(body, name.sent)
      if (name.isAdjusted) notes.push(adjustedName)
    } else notes.push(withheld('personName', 'PowerOffice needs the name of a person: fill in first and last name.'))
  }
  if (MailAddress !== undefined) {
    const address = settleAddress(MailAddress)
    if (address.kind === 'withheld') notes.push(withheld('address', address.detail))
    else body['MailAddress'] = address.kind === 'empty' ? null : { ...address.address, ...externalCodeOf(current) }
  }
  keepLastEmail(current, body, notes)
  return { body, flags: settleDelivery(current, body, flags), notes, refusal: null }
}

/** A customer whose invoices go by e-mail keeps one: of two that are cleared together, the first. */
function keepLastEmail(current: JsonObject, body: Record<string, JsonValue>, notes: FieldNote[]): void {
  if (textOf(current['InvoiceDeliveryType'])?.toLowerCase() !== 'pdfbyemail') return
  const after = (name: string) => textOf(body[name] === undefined ? current[name] : body[name])
  if (after('EmailAddress') !== null || after('InvoiceEmailAddress') !== null) return
  const cleared = emailFields.find(({ name }) => body[name] !== undefined && textOf(current[name]) !== null)
  if (!cleared) return
  delete body[cleared.name]
  const detail =
    'PowerOffice sends this customer invoices by e-mail, so the last address stays: choose another delivery of invoices there first.'
  notes.push(withheld(cleared.field, detail))
}

const emailFields = [
  { name: 'EmailAddress', field: 'email' },
  { name: 'InvoiceEmailAddress', field: 'invoiceEmail' },
] as const

/** Print was ours, for want of an e-mail: with the first one it becomes PdfByEmail. What people chose stays. @returns the flags */
function settleDelivery(current: JsonObject, body: Record<string, JsonValue>, flags: string): string {
  if (!flags.includes(printFlag)) return flags
  const isStillPrint = textOf(current['InvoiceDeliveryType'])?.toLowerCase() === 'print'
  const without = flags.replace(printFlag, '')
  if (!isStillPrint) return without
  if (!emailFields.some(({ name }) => textOf(body[name]) !== null)) return flags
  body['InvoiceDeliveryType'] = 'PdfByEmail'
  return without
}

interface SettledName {
  readonly sent: { readonly FirstName: string; readonly LastName: string }
  readonly isAdjusted: boolean
}

/** Of a person with one name only that is the last name, and the first is a dash: PowerOffice requires both. */
function settlePersonName(first: JsonValue | undefined, last: JsonValue | undefined): SettledName | null {
  const firstName = textOf(first)
  const lastName = textOf(last)
  if (firstName !== null && lastName !== null) {
    return { sent: { FirstName: firstName, LastName: lastName }, isAdjusted: false }
  }
  const only = lastName ?? firstName
  return only === null ? null : { sent: { FirstName: '-', LastName: only }, isAdjusted: true }
}

const adjustedName: FieldNote = {
  field: 'personName',
  kind: 'adjusted',
  detail: 'PowerOffice needs a first and a last name: the one name went into the last name, with "-" as the first.',
}

/** The address is replaced whole; a code that others gave it must survive that (docs/engine.md section 8.8). */
function externalCodeOf(current: JsonObject): { readonly ExternalCode?: JsonValue } {
  const address = current['MailAddress']
  if (typeof address !== 'object' || address === null || Array.isArray(address)) return {}
  const code = (address as JsonObject)['ExternalCode']
  return code === undefined || code === null ? {} : { ExternalCode: code }
}

function withheld(field: string, detail: string): FieldNote {
  return { field, kind: 'withheld', detail }
}

function setOnce(createWith: JsonObject): Record<string, JsonValue> {
  return Object.fromEntries(Object.entries(createWith).filter(([name]) => !neverSetOnce.includes(name)))
}

/** Null is left out of a new record, and empty text is none. Number and IsActive are PowerOffice's own. */
function withoutEmpty(values: JsonObject): Record<string, JsonValue> {
  const kept = Object.entries(values).filter(
    ([name, value]) => value !== null && value !== '' && !neverSent.includes(name),
  )
  return Object.fromEntries(kept)
}
