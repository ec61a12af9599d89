import { isRow } from '../http/absent-property.ts'

/** What an error answer says. Keys come in lower case and in PascalCase (sandbox/poweroffice/README.md). */
export interface VendorProblem {
  readonly title: string
  readonly detail: string
}

const maxLength = 1_000

export function parseProblem(status: number, json: unknown): VendorProblem {
  const members = new Map(isRow(json) ? Object.entries(json).map(([key, value]) => [key.toLowerCase(), value]) : [])
  const text = (name: string) => {
    const value = members.get(name)
    return typeof value === 'string' ? value.slice(0, maxLength) : ''
  }
  const detail = text('detail') || fieldMessages(members.get('errors')) || text('message')
  return { title: text('title') || `PowerOffice answered with status ${status}`, detail }
}

/** ASP.NET's own form of a malformed body: property name to messages (sandbox/poweroffice/README.md, [OPEN]). */
function fieldMessages(errors: unknown): string {
  if (!isRow(errors)) return ''
  return Object.entries(errors)
    .map(([property, messages]) => `${property}: ${Array.isArray(messages) ? messages.join(' ') : String(messages)}`)
    .join(' ')
    .slice(0, maxLength)
}

/** "ExternalImportReference is already in use. 'X' is used on (contact) Id = N." (PowerOffice spec, March 2025) */
export function findReferenceTaken(problem: VendorProblem): { readonly existingId: string | null } | undefined {
  if (!/ExternalImportReference is already in use/i.test(`${problem.title} ${problem.detail}`)) return undefined
  return {
    existingId: /\bId\s*=\s*([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d+)/i.exec(problem.detail)?.[1] ?? null,
  }
}
