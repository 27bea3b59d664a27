/**
 * `picloud secrets`: list, set, delete, rotate-key.
 *
 * A value is never an argument: command lines are seen by others on the machine and kept in
 * histories. It comes from standard input, from a file, or from who types it.
 *
 * @module
 */
import { readFile } from 'node:fs/promises'
import process from 'node:process'
import { text } from 'node:stream/consumers'
import type { Secret } from '@picloud/shared'
import type { Command } from 'commander'
import { UsageError } from '../errors.ts'
import { askHidden, canAsk } from '../terminal/ask.ts'
import { shownTime, showTable } from '../terminal/table.ts'
import {
  type AppOptions,
  type CommandContext,
  connect,
  type ServerOptions,
  withServerOptions,
} from './command-context.ts'
import { withExamples } from './examples.ts'
import { warnOfMore } from './listing.ts'

interface SetOptions extends AppOptions {
  readonly fromFile?: string
}

interface RotateOptions extends ServerOptions {
  readonly forgetOldKeys?: true
}

export function addSecretsCommand(program: Command, context: CommandContext): void {
  const { terminal } = context
  const secrets = program
    .command('secrets')
    .helpCommand(false)
    .description('what scripts must know and nobody else may see')
  const verb = (name: string) =>
    withServerOptions(secrets.command(name)).option('--app <app>', 'slug or id', 'default')

  withExamples(
    verb('list').description('list the secrets of an app without their values, and who uses them'),
    'picloud secrets list --app shop',
  ).action(async (options: AppOptions) => {
    const path = { app: options.app }
    const list = await connect(context, options).list('listSecrets', { path })
    if (options.json) return terminal.resultJson(list)
    showTable(terminal, {
      header: ['NAME', 'SET', 'USED BY'],
      rows: list.items.map((secret) => [
        secret.name,
        shownTime(secret.updated_at),
        shownUsers(secret),
      ]),
      none: `The app ${options.app} has no secrets.`,
    })
    warnOfMore(terminal, list)
  })

  withExamples(
    verb('set')
      .description('make a secret or give it another value, which scripts see at once')
      .argument('<name>', 'letters, digits, underscores, dots and hyphens')
      .option('--from-file <path>', 'the value is what the file holds, to the last byte')
      .allowExcessArguments(),
    'picloud secrets set STRIPE_KEY --app shop    (asks, and shows nothing)',
    'pass stripe/key | picloud secrets set STRIPE_KEY --app shop',
    'picloud secrets set SIGNING_KEY --from-file key.pem',
  ).action(async (name: string, options: SetOptions, command: Command) => {
    if (command.args.length > 1) throw new ValueAsArgumentError()
    const value = await secretValue(name, options)
    const api = connect(context, options)
    const secret = await api.call('putSecret', {
      path: { app: options.app, name },
      body: { value },
    })
    if (options.json) return terminal.resultJson(secret)
    terminal.progress(`The secret ${name} of the app ${options.app} is set.`)
  })

  withExamples(
    verb('delete').description('delete a secret').argument('<name>'),
    'picloud secrets delete STRIPE_KEY --app shop',
  ).action(async (name: string, options: AppOptions) => {
    const api = connect(context, options)
    await api.call('deleteSecret', { path: { app: options.app, name } })
    if (!options.json) terminal.progress(`Deleted the secret ${name} of the app ${options.app}.`)
  })

  withExamples(
    withServerOptions(secrets.command('rotate-key'))
      .description('have a new key seal all secrets of all apps; scripts go on reading them')
      .option(
        '--forget-old-keys',
        'drop keys no secret needs: backups made until now cannot be read any more',
      ),
    'picloud secrets rotate-key',
  ).action(async (options: RotateOptions) => {
    const rotated = await connect(context, options).call('rotateSecretsKey', {
      body: { forget_old_keys: options.forgetOldKeys === true },
    })
    if (options.json) return terminal.resultJson(rotated)
    const { key_id, is_new_key, resealed, old_key_ids } = rotated
    const what = is_new_key ? 'A new key' : 'The key'
    terminal.progress(`${what}, ${key_id}, seals all secrets; ${resealed} were sealed by others.`)
    if (old_key_ids.length > 0) {
      terminal.progress(`Kept for backups of the database: ${old_key_ids.join(', ')}.`)
    }
  })
}

class ValueAsArgumentError extends UsageError {
  constructor() {
    super(
      'A value is never an argument: others on this machine see command lines. Type it when asked, ' +
        'pipe it in, or use --from-file.',
    )
  }
}

async function secretValue(name: string, { fromFile }: SetOptions): Promise<string> {
  if (fromFile !== undefined) return textOfFile(fromFile)
  if (!canAsk()) {
    // Without the line's end, which an editor or `echo` adds.
    const piped = (await text(process.stdin)).replace(/\r?\n$/, '')
    if (piped === '') throw new UsageError('No value was given: pipe it in, or use --from-file.')
    return piped
  }
  const typed = await askHidden(`Value of ${name}: `)
  if (typed === null || typed === '') throw new UsageError('No value was given.')
  return typed
}

async function textOfFile(path: string): Promise<string> {
  let bytes: Uint8Array
  try {
    bytes = await readFile(path)
  } catch (error) {
    const code = String((error as Partial<NodeJS.ErrnoException>).code)
    throw new UsageError(`${path} cannot be read (${code}).`)
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new UsageError(`${path} is not UTF-8. Encode it, for example in base64.`)
  }
}

function shownUsers({ used_by }: Secret): string {
  if (used_by.length === 0) return '-'
  return used_by.map(({ name, certain }) => (certain ? name : `${name} (perhaps)`)).join(', ')
}
