/**
 * The commands of `picloud` together: one parser, its help and its version.
 *
 * @module
 */
import { Command } from 'commander'
import { addAppsCommand } from './apps.ts'
import { addAuditCommand } from './audit.ts'
import type { CommandContext } from './command-context.ts'
import { addCompletionCommand } from './completion.ts'
import { addDeployCommand } from './deploy.ts'
import { addDevCommand } from './dev.ts'
import { addDiffCommand } from './diff.ts'
import { addDomainsCommand } from './domains.ts'
import { addExecutionsCommand } from './executions.ts'
import { addExplainCommand } from './explain.ts'
import { addExportCommand, addImportCommand } from './export.ts'
import { addHelpCommand } from './help.ts'
import { addInvokeCommand } from './invoke.ts'
import { addKvCommand } from './kv.ts'
import { addLogsCommand } from './logs.ts'
import { addPasswordCommand } from './password.ts'
import { addPullCommand } from './pull.ts'
import { addRoutesCommand } from './routes.ts'
import { addRunCommand } from './run.ts'
import { addScriptsCommand } from './scripts.ts'
import { addSecretsCommand } from './secrets.ts'
import { addStartCommand } from './start.ts'
import { addStatsCommand } from './stats.ts'
import { addSystemCommand } from './system.ts'
import { addTokensCommand } from './tokens.ts'

/** A parser that throws CommanderError where commander would end the process. */
export function makeProgram(context: CommandContext, version: string): Command {
  const program = new Command('picloud')
    .description('PiCloud: upload a Rhai script, get an HTTP endpoint.')
    .version(version, '-V, --version', 'print the version')
    .exitOverride()
    .showHelpAfterError('(add --help for what there is)')
    .configureOutput({
      writeOut: (text) => context.terminal.result(text),
      writeErr: (text) => context.terminal.progress(text.trimEnd()),
    })
    .addHelpText('after', '\nExit codes: picloud help exit-codes')
  addStartCommand(program, context)
  addDeployCommand(program, context)
  addDevCommand(program, context)
  addDiffCommand(program, context)
  addPullCommand(program, context)
  addExportCommand(program, context)
  addImportCommand(program, context)
  addInvokeCommand(program, context)
  addLogsCommand(program, context)
  addExecutionsCommand(program, context)
  addStatsCommand(program, context)
  addRunCommand(program, context)
  addAppsCommand(program, context)
  addDomainsCommand(program, context)
  addKvCommand(program, context)
  addScriptsCommand(program, context)
  addRoutesCommand(program, context)
  addExplainCommand(program, context)
  addSecretsCommand(program, context)
  addTokensCommand(program, context)
  addPasswordCommand(program, context)
  addAuditCommand(program, context)
  addSystemCommand(program, context)
  addCompletionCommand(program, context)
  addHelpCommand(program, context)
  return program
}
