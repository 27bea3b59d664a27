/**
 * Examples at the end of a command's help.
 *
 * @module
 */
import type { Command } from 'commander'

/** @param examples whole command lines, as somebody would type them */
export function withExamples(command: Command, ...examples: readonly string[]): Command {
  const title = examples.length === 1 ? 'Example:' : 'Examples:'
  return command.addHelpText(
    'after',
    ['', title, ...examples.map((line) => `  ${line}`)].join('\n'),
  )
}
