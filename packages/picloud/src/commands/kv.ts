/**
 * `picloud kv`: list, get, set, delete what scripts of an app keep.
 *
 * @module
 */
import type { Command } from 'commander'
import { UsageError } from '../errors.ts'
import { showTable } from '../terminal/table.ts'
import {
  type AppOptions,
  type CommandContext,
  connect,
  withServerOptions,
} from './command-context.ts'
import { warnOfMore } from './listing.ts'
import { numberArgument } from './number-argument.ts'

interface ListOptions extends AppOptions {
  readonly prefix?: string
}

interface SetOptions extends AppOptions {
  readonly text?: true
  readonly ttlMs?: number
}

export function addKvCommand(program: Command, context: CommandContext): void {
  const { terminal } = context
  const kv = program
    .command('kv')
    .helpCommand(false)
    .description('what scripts of an app keep with kv::')
  const verb = (name: string) =>
    withServerOptions(kv.command(name)).option('--app <app>', 'slug or id', 'default')

  verb('list')
    .description('list the keys there are')
    .option('--prefix <text>', 'only those that begin with it')
    .addHelpText('after', '\nExample:\n  picloud kv list --app shop --prefix session/')
    .action(async (options: ListOptions) => {
      const list = await connect(context, options).list('listKvKeys', {
        path: { app: options.app },
        query: { prefix: options.prefix },
      })
      if (options.json) return terminal.resultJson(list)
      showTable(terminal, {
        header: ['KEY', 'BYTES'],
        rows: list.items.map((item) => [item.key, String(item.bytes)]),
        none: `The app ${options.app} keeps nothing there.`,
      })
      warnOfMore(terminal, list)
    })

  verb('get')
    .description('print the value of a key, as JSON')
    .argument('<key>', 'the key')
    .addHelpText('after', '\nExample:\n  picloud kv get visits --app shop')
    .action(async (key: string, options: AppOptions) => {
      const entry = await connect(context, options).call('getKvEntry', {
        path: { app: options.app },
        query: { key },
      })
      if (options.json) return terminal.resultJson(entry)
      terminal.result(JSON.stringify(entry.value))
    })

  verb('set')
    .alias('create')
    .description('keep a value under a key, whatever was there')
    .argument('<key>', 'the key')
    .argument('<value>', 'JSON; {"$int": ".."}, {"$float": ".."}, {"$char": ".."}, {"$blob": ".."}')
    .option('--text', 'the value is a text as it stands')
    .option('--ttl-ms <number>', 'milliseconds until it is gone', numberArgument)
    .addHelpText(
      'after',
      '\nExamples:\n  picloud kv set visits 0 --app shop\n' +
        '  picloud kv set greeting --text "Hello there" --ttl-ms 60000',
    )
    .action(async (key: string, value: string, options: SetOptions) => {
      const entry = await connect(context, options).call('putKvEntry', {
        path: { app: options.app },
        query: { key },
        body: {
          value: options.text === true ? value : parsed(value),
          ttl_ms: options.ttlMs ?? null,
        },
      })
      if (options.json) return terminal.resultJson(entry)
      terminal.progress(`Kept ${entry.key}.`)
    })

  verb('delete')
    .description('delete a key')
    .argument('<key>', 'the key')
    .addHelpText('after', '\nExample:\n  picloud kv delete visits --app shop')
    .action(async (key: string, options: AppOptions) => {
      await connect(context, options).call('deleteKvEntry', {
        path: { app: options.app },
        query: { key },
      })
      if (!options.json) terminal.progress(`Deleted ${key}.`)
    })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new UsageError(`The value ${text} is no JSON. Quote a text, or add --text.`)
  }
}
