/**
 * What every command is given, and the options that commands share.
 *
 * @module
 */
import type { ApiClient } from '@picloud/api-client'
import { type Environment, SETTINGS, SETTINGS_OF_CLIENT } from '@picloud/program'
import type { HostService } from '@picloud/shared'
import type { Command } from 'commander'
import { apiClientFor } from '../client/api-client-for.ts'
import { type ConnectionFlags, resolveConnection } from '../client/connection.ts'
import type { ExitCode } from '../exit-code.ts'
import type { Terminal } from '../terminal/terminal.ts'

export interface CommandContext {
  readonly terminal: Terminal
  readonly env: Environment
  /** What scripts can call besides, of a PiCloud that is started. */
  readonly services?: readonly HostService[] | undefined
  /** Ends the command with this code although nothing went wrong in it: a script's own failure. */
  finishWith(exitCode: ExitCode): void
}

export interface OutputOptions {
  readonly json?: true
}

export interface ServerOptions extends OutputOptions, ConnectionFlags {}

/** Of a command that works in one app. */
export interface AppOptions extends ServerOptions {
  readonly app: string
}

/** Adds `--json`. */
export function withOutputOptions(command: Command): Command {
  return command.option('--json', 'print the objects of the API as JSON')
}

/** Adds `--json` and where and as whom to speak to the server. */
export function withServerOptions(command: Command): Command {
  const { server, token } = SETTINGS_OF_CLIENT
  return withOutputOptions(command)
    .option(server.flag, `the server [${server.env}] (default: ${server.default})`)
    .option(token.flag, `the token [${token.env}] (default: ${token.defaultText})`)
    .option(SETTINGS.dataDir.flag, `where that file is [${SETTINGS.dataDir.env}]`)
}

export function connect(context: CommandContext, options: ServerOptions): ApiClient {
  return apiClientFor(resolveConnection(options, context.env))
}

/** The query of an operation that refuses what is still needed, unless it is forced. */
export function forceQuery(options: { readonly force?: true }) {
  return { force: options.force === true ? 'true' : undefined } as const
}
