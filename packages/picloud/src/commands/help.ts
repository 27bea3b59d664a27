/**
 * `picloud help`: of a command, or of a topic that is no command.
 *
 * @module
 */
import type { Command } from 'commander'
import { UsageError } from '../errors.ts'
import { EXIT_CODE_MEANINGS } from '../exit-code.ts'
import type { CommandContext } from './command-context.ts'

export function addHelpCommand(program: Command, context: CommandContext): void {
  program
    .helpCommand(false)
    .command('help')
    .description('help for a command, or on exit-codes')
    .argument('[command...]', 'for example: deploy, apps create, exit-codes')
    .action((words: readonly string[]) => {
      if (words.join(' ') === 'exit-codes') context.terminal.result(exitCodesText())
      else findCommand(program, words).outputHelp()
    })
}

function exitCodesText(): string {
  const lines = EXIT_CODE_MEANINGS.map(([code, meaning]) => `  ${code}  ${meaning}`)
  return ['Exit codes of picloud:', ...lines].join('\n')
}

function findCommand(program: Command, words: readonly string[]): Command {
  let command = program
  for (const word of words) {
    const next = command.commands.find(
      (child) => child.name() === word || child.aliases().includes(word),
    )
    if (next === undefined) {
      throw new UsageError(`There is no command ${words.join(' ')}; see picloud help.`)
    }
    command = next
  }
  return command
}
