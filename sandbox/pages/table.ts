import { html } from 'hono/html'
import type { Cell, Markup } from './markup.ts'

export interface Column {
  readonly title: string
  readonly isNumber?: true
  readonly isQuiet?: true
}

export interface Row {
  readonly cells: readonly Cell[]
  /** Archived, cancelled: set back. */
  readonly isQuiet?: boolean
}

export function table(columns: readonly Column[], rows: readonly Row[]): Markup {
  const classOf = (column: Column | undefined) =>
    [column?.isNumber ? 'number' : '', column?.isQuiet ? 'quiet' : ''].filter((name) => name !== '').join(' ')
  const cell = (value: Cell, index: number) => html`<td class="${classOf(columns[index])}">${value ?? ''}</td>`
  return html`<div class="scroll"><table>
<thead><tr>${columns.map((column) => html`<th scope="col" class="${classOf(column)}">${column.title}</th>`)}</tr></thead>
<tbody>${rows.map(({ cells, isQuiet }) => html`<tr class="${isQuiet ? 'set-back' : ''}">${cells.map(cell)}</tr>\n`)}</tbody>
</table></div>`
}
