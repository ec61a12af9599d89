import { styleText } from 'node:util'

export type Paint = (style: 'bold' | 'dim' | 'green' | 'yellow' | 'red', text: string) => string

export const plain: Paint = (_style, text) => text

/** Colours for a person at a terminal; nothing for pipes, files and people who set NO_COLOR. */
export function paintFor(stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv = process.env): Paint {
  const wanted = stream.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb'
  return wanted ? (style, text) => styleText(style, text, { validateStream: false }) : plain
}
