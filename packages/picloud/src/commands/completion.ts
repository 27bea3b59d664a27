/**
 * `picloud completion`: what a shell needs to complete commands and flags.
 *
 * @module
 */
import { Argument, type Command } from 'commander'
import { commandWords } from '../completion/command-words.ts'
import { COMPLETION_SCRIPTS, SHELLS, type Shell } from '../completion/completion-scripts.ts'
import type { CommandContext } from './command-context.ts'
import { withExamples } from './examples.ts'

export function addCompletionCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('completion')
    .description('print a script by which a shell completes commands and flags')
    .addArgument(new Argument('<shell>', 'the shell it is for').choices(SHELLS))
    .action((shell: Shell) => {
      context.terminal.result(COMPLETION_SCRIPTS[shell](commandWords(program)))
    })
  withExamples(
    command,
    'eval "$(picloud completion bash)"    # in ~/.bashrc',
    'eval "$(picloud completion zsh)"     # in ~/.zshrc, after compinit',
    'picloud completion fish > ~/.config/fish/completions/picloud.fish',
  )
}
