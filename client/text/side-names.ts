import type { Side } from '../../flows/side.ts'

/** How people call the two systems. */
export const sideNames: Readonly<Record<Side, string>> = { erp: 'PowerOffice', shop: 'the webshop' }

/** The same at the beginning of a line or in a heading. */
export const sideTitles: Readonly<Record<Side, string>> = { erp: 'PowerOffice', shop: 'Webshop' }
