/**
 * `picloud password`: sets the administrator's password anew, also where it is lost.
 *
 * It goes through the API with the operator's token, which on the machine that runs PiCloud lies
 * in the data directory: who can read that may set the password.
 *
 * @module
 */
import { randomBytes } from 'node:crypto'
import process from 'node:process'
import { text } from 'node:stream/consumers'
import { FIRST_ADMIN_NAME } from '@picloud/shared'
import type { Command } from 'commander'
import {
  type CommandContext,
  connect,
  type ServerOptions,
  withServerOptions,
} from './command-context.ts'

/** 120 bits: 20 characters. */
const RANDOM_BYTES = 15

export function addPasswordCommand(program: Command, context: CommandContext): void {
  const { terminal } = context
  withServerOptions(program.command('password'))
    .description('set a new password for the dashboard, and sign out whoever is signed in')
    .option('--stdin', 'read it from standard input (default: make one up and print it)')
    .addHelpText(
      'after',
      "\nIt needs the operator's token: the file cli-token, or PICLOUD_ADMIN_TOKEN as PICLOUD_TOKEN." +
        '\nExample: picloud password --stdin < password.txt',
    )
    .action(async (options: ServerOptions & { readonly stdin?: true }) => {
      const given = options.stdin === true
      const password = given ? await lineOfInput() : randomBytes(RANDOM_BYTES).toString('base64url')
      const api = connect(context, options)
      await api.call('changePassword', { body: { new_password: password } })
      const name = FIRST_ADMIN_NAME
      if (options.json) return terminal.resultJson(given ? { name } : { name, password })
      terminal.progress(`The password of "${name}" is set; all its sessions have ended.`)
      if (!given) terminal.result(password)
    })
}

/** Without the line's end, which an editor or `echo` adds. */
async function lineOfInput(): Promise<string> {
  return (await text(process.stdin)).replace(/\r?\n$/, '')
}
