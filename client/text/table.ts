import { stripVTControlCharacters } from 'node:util'

/** Rows as columns that line up; two blanks between them, none at the end of a line. */
export function alignColumns(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = []
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, visibleLength(cell))
  }
  return rows.map((row) =>
    row
      .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - visibleLength(cell)))
      .join('  ')
      .trimEnd(),
  )
}

function visibleLength(text: string): number {
  // Colours take no room. By code points: close enough for names of people and places, and one letter with an accent counts once.
  return [...stripVTControlCharacters(text).normalize('NFC')].length
}
