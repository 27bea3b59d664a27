/**
 * `picloud apps`: list, get, create, delete. What has to do with slugs and settings stands beside.
 *
 * @module
 */
import type { App } from '@picloud/shared'
import type { Command } from 'commander'
import { shownTime, showTable } from '../terminal/table.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { addLimitsVerb, addSetVerb, showSettings } from './app-settings.ts'
import { addSlugVerbs } from './app-slugs.ts'
import {
  type CommandContext,
  connect,
  forceQuery,
  type ServerOptions,
  withServerOptions,
} from './command-context.ts'
import { warnOfMore } from './listing.ts'

interface CreateOptions extends ServerOptions {
  readonly name?: string
  readonly force?: true
}

export function addAppsCommand(program: Command, context: CommandContext): void {
  const { terminal } = context
  const apps = program
    .command('apps')
    .helpCommand(false)
    .description('the apps of this PiCloud, each its own world')

  withServerOptions(apps.command('list'))
    .description('list all apps, or those that a search finds')
    .option('--search <text>', 'only apps whose slug or name contains this, in any case')
    .addHelpText('after', '\nExample:\n  picloud apps list --search shop')
    .action(async (options: ServerOptions & { readonly search?: string }) => {
      const query = options.search === undefined ? {} : { q: options.search }
      const list = await connect(context, options).list('listApps', { query })
      if (options.json) return terminal.resultJson(list)
      showApps(terminal, list.items)
      warnOfMore(terminal, list)
    })

  withServerOptions(apps.command('get').argument('<app>', 'slug or id'))
    .alias('show')
    .description('show one app and its settings')
    .addHelpText('after', '\nExample:\n  picloud apps get shop')
    .action(async (reference: string, options: ServerOptions) => {
      const app = await connect(context, options).call('getApp', { path: { app: reference } })
      if (options.json) return terminal.resultJson(app)
      showApps(terminal, [app])
      showSettings(terminal, app)
    })

  withServerOptions(
    apps.command('create').argument('<slug>', 'lower-case letters, digits, hyphens'),
  )
    .description('create an app')
    .option('--name <text>', 'name for people (default: the slug)')
    .option('--force', 'even if the slug leads to another app, which had it before')
    .addHelpText('after', '\nExample:\n  picloud apps create shop --name "The shop"')
    .action(async (slug: string, options: CreateOptions) => {
      const body = { slug, name: options.name, force: options.force }
      const app = await connect(context, options).call('createApp', { body })
      if (options.json) return terminal.resultJson(app)
      terminal.progress(`Created the app ${app.slug}.`)
      terminal.progress(`Next: picloud domains claim HOST --app ${app.slug}`)
      terminal.result(app.id)
    })

  addSlugVerbs(apps, context)
  addSetVerb(apps, context)
  addLimitsVerb(apps, context)

  withServerOptions(apps.command('delete').argument('<app>', 'slug or id'))
    .description('delete an app')
    .option('--force', 'even if it has content: all of it goes with it')
    .addHelpText('after', '\nExample:\n  picloud apps delete shop')
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
