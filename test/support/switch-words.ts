import type { z } from 'zod'
import { switches } from '../../sandbox/poweroffice/settings.ts'

/** The words that a switch takes, as its own schema lists them; of a flag true and false; none where it takes a number or a list. */
export function wordsOf(name: keyof typeof switches): readonly (string | boolean)[] {
  return wordsIn(switches[name])
}

function wordsIn(schema: z.ZodType): readonly (string | boolean)[] {
  const { def } = schema as unknown as {
    def: { type: string; innerType?: z.ZodType; entries?: Readonly<Record<string, string>> }
  }
  if (def.innerType !== undefined) return wordsIn(def.innerType)
  if (def.type === 'boolean') return [true, false]
  return Object.values(def.entries ?? {})
}
