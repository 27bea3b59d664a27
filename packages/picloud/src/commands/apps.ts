/**
 * `picloud apps`: list, get, create, delete.
 *
 * @module
 */
import type { App } from '@picloud/shared'
import type { Command } from 'commander'
import { shownTime, showTable } from '../terminal/table.ts'
import type { Terminal } from '../terminal/terminal.ts'
import {
  type CommandContext,
  connect,
  forceQuery,
  type ServerOptions,
  withServerOptions,
} from './command-context.ts'
import { warnOfMore } from './listing.ts'

export function addAppsCommand(program: Command, context: CommandContext): void {
  const { terminal } = context
  const apps = program
    .command('apps')
    .helpCommand(false)
    .description('the apps of this PiCloud, each its own world')

  withServerOptions(apps.command('list'))
    .description('list all apps')
    .action(async (options: ServerOptions) => {
      const list = await connect(context, options).list('listApps')
      if (options.json) return terminal.resultJson(list)
      showApps(terminal, list.items)
      warnOfMore(terminal, list)
    })

  withServerOptions(apps.command('get').argument('<app>', 'slug or id'))
    .description('show one app')
    .action(async (reference: string, options: ServerOptions) => {
      const app = await connect(context, options).call('getApp', { path: { app: reference } })
      if (options.json) return terminal.resultJson(app)
      showApps(terminal, [app])
    })

  withServerOptions(
    apps.command('create').argument('<slug>', 'lower-case letters, digits, hyphens'),
  )
    .description('create an app')
    .option('--name <text>', 'name for people (default: the slug)')
    .action(async (slug: string, options: ServerOptions & { readonly name?: string }) => {
      const body = { slug, name: options.name }
      const app = await connect(context, options).call('createApp', { body })
      if (options.json) return terminal.resultJson(app)
      terminal.progress(`Created the app ${app.slug}.`)
      terminal.progress(`Next: picloud domains claim HOST --app ${app.slug}`)
      terminal.result(app.id)
    })

  withServerOptions(apps.command('delete').argument('<app>', 'slug or id'))
    .description('delete an app')
    .option('--force', 'even if it has content: all of it goes with it')
    .action(async (reference: string, options: ServerOptions & { readonly force?: true }) => {
      await connect(context, options).call('deleteApp', {
        path: { app: reference },
        query: forceQuery(options),
      })
      if (!options.json) terminal.progress(`Deleted the app ${reference}.`)
    })
}

function showApps(terminal: Terminal, apps: readonly App[]): void {
  showTable(terminal, {
    header: ['SLUG', 'NAME', 'CREATED', 'ID'],
    rows: apps.map((app) => [app.slug, app.name, shownTime(app.created_at), app.id]),
    none: 'There are no apps. Create one: picloud apps create SLUG',
  })
}
