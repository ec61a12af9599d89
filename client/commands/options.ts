import type { Command } from 'commander'
import { type ListedOption, listOptions } from '../../flows/list-options.ts'
import type { CommandContext } from '../command-context.ts'
import { alignColumns } from '../text/table.ts'

export function addOptions(program: Command, context: CommandContext): void {
  program
    .command('options')
    .description('what holds of every option: by default, or by kobling.options.json')
    .option('--json', 'for scripts: the options as one object')
    .action(({ json }: { readonly json?: boolean }) => {
      const { options } = context.settings()
      if (json === true) context.say(JSON.stringify(options, null, 2))
      else for (const line of optionLines(listOptions(options))) context.say(line)
    })
}

function optionLines(options: readonly ListedOption[]): string[] {
  return alignColumns(
    options.map(({ path, effective, byDefault }) => {
      const [value, usual] = [JSON.stringify(effective), JSON.stringify(byDefault)]
      return value === usual ? [path, value] : [path, value, `by default ${usual}`]
    }),
  )
}
