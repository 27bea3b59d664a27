/**
 * `picloud executions`: show one, by the request id its caller was shown.
 *
 * @module
 */
import type { Command } from 'commander'
import {
  type CommandContext,
  connect,
  type ServerOptions,
  withServerOptions,
} from './command-context.ts'
import { showExecution } from './execution-lines.ts'

export function addExecutionsCommand(program: Command, context: CommandContext): void {
  const { terminal } = context
  const executions = program
    .command('executions')
    .helpCommand(false)
    .description('single executions; see picloud logs for what ran')

  withServerOptions(executions.command('show').argument('<id>', 'id, which is the request id'))
    .alias('get')
    .description('show one execution with its log lines and its error')
    .addHelpText(
      'after',
      '\nExample:\n  picloud executions show 0199a000-0000-7000-8000-000000000001',
    )
    .action(async (id: string, options: ServerOptions) => {
      const execution = await connect(context, options).call('getExecution', {
        path: { execution_id: id },
      })
      if (options.json) return terminal.resultJson(execution)
      showExecution(terminal, execution)
    })
}
