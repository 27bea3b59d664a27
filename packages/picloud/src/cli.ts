/**
 * Runs one command line and comes to its exit code. The only place that knows how commands end.
 *
 * @module
 */
import { type Environment, PRODUCT_VERSION } from '@picloud/program'
import type { HostService } from '@picloud/shared'
import { CommanderError } from 'commander'
import type { CommandContext } from './commands/command-context.ts'
import { makeProgram } from './commands/program.ts'
import { showError } from './commands/show-error.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import { type Output, Terminal } from './terminal/terminal.ts'

export interface CommandLine {
  /** What stands after the program's name. */
  readonly args: readonly string[]
  readonly env: Environment
  readonly stdout: Output
  readonly stderr: Output
  /** For who starts PiCloud from a program of their own: what scripts can call besides. */
  readonly services?: readonly HostService[]
}

export async function runCommandLine(line: CommandLine): Promise<ExitCode> {
  const terminal = new Terminal(line.stdout, line.stderr)
  let exitCode: ExitCode = EXIT.ok
  const context: CommandContext = {
    terminal,
    env: line.env,
    services: line.services,
    finishWith(code) {
      exitCode = code
    },
  }
  try {
    await makeProgram(context, PRODUCT_VERSION).parseAsync(line.args, { from: 'user' })
    return exitCode
  } catch (error) {
    // Commander has said what was wrong, or shown the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage
    return showError(terminal, error, line.args.includes('--json'))
  }
}
